package io.tidemark.gateway.api;

import io.tidemark.gateway.api.LocalPartitions.Elsewhere;
import io.tidemark.gateway.api.LocalPartitions.Here;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaMoves;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;

/**
 * AlterReplicaLogDirs (KIP-113): in which of this node's log directories replicas are to lie.
 * Answered once the copying has begun; DescribeLogDirs shows how far it is. For a partition that is
 * not here yet the directory is remembered, and the answer is REPLICA_NOT_AVAILABLE, which is how
 * kafka-reassign-partitions places what it is about to move here.
 */
public final class AlterReplicaLogDirsHandler implements ApiHandler {
  private final LocalPartitions partitions;
  private final ReplicaMoves moves;

  public AlterReplicaLogDirsHandler(LocalPartitions partitions, ReplicaMoves moves) {
    this.partitions = partitions;
    this.moves = moves;
  }

  @Override
  public void handle(Request request, Responder responder) {
    Map<TopicPartition, String> asked =
        ((AlterReplicaLogDirsRequest) request.body()).partitionDirs();
    Map<TopicPartition, CompletableFuture<Errors>> errors = new LinkedHashMap<>();
    asked.forEach((partition, path) -> errors.put(partition, moved(partition, path)));
    CompletableFuture<AlterReplicaLogDirsResponseData> answer =
        CompletableFuture.allOf(errors.values().toArray(CompletableFuture<?>[]::new))
            .thenApply(done -> answer(errors));
    Answers.when(answer, request, responder);
  }

  private CompletableFuture<Errors> moved(TopicPartition partition, String path) {
    try {
      return move(partition, Path.of(path))
          .handle((done, failure) -> failure == null ? Errors.NONE : ProtocolErrors.of(failure));
    } catch (InvalidPathException e) {
      return CompletableFuture.completedFuture(Errors.LOG_DIR_NOT_FOUND);
    } catch (ApiException e) {
      return CompletableFuture.completedFuture(Errors.forException(e));
    }
  }

  private CompletableFuture<Void> move(TopicPartition partition, Path directory) {
    return switch (partitions.find(partition.topic(), partition.partition())) {
      case Here(Replica replica) -> moves.move(replica, directory);
      case Elsewhere(Errors error, var id) when error == Errors.NOT_LEADER_OR_FOLLOWER -> {
        moves.prefer(partition, directory);
        throw Errors.REPLICA_NOT_AVAILABLE.exception(id + " is not on this node");
      }
      case Elsewhere(Errors error, var id) -> throw error.exception();
    };
  }

  private static AlterReplicaLogDirsResponseData answer(
      Map<TopicPartition, CompletableFuture<Errors>> errors) {
    Map<String, AlterReplicaLogDirTopicResult> topics = new LinkedHashMap<>();
    errors.forEach((partition, error) ->
        topics
            .computeIfAbsent(
                partition.topic(), name -> new AlterReplicaLogDirTopicResult().setTopicName(name))
            .partitions()
            .add(
                new AlterReplicaLogDirPartitionResult()
                    .setPartitionIndex(partition.partition())
                    .setErrorCode(error.join().code())));
    return new AlterReplicaLogDirsResponseData().setResults(List.copyOf(topics.values()));
  }
}
