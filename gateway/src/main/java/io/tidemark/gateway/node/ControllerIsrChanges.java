package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ProtocolErrors;
import io.tidemark.log.replica.IsrChanges;
import io.tidemark.log.replica.IsrProposal;
import io.tidemark.log.replica.IsrResult;
import io.tidemark.log.replica.NodeEpoch;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionRequestData.TopicData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.AlterPartitionResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Leaders' changes of their in-sync replicas as AlterPartition requests to the controller. Changes
 * that come while one request is under way are gathered and go together in the next: a node that
 * returns joins thousands of partitions at once. Safe from any thread; the lock guards the list of
 * those that wait.
 */
final class ControllerIsrChanges implements IsrChanges {
  private static final int MAX_PARTITIONS_PER_CALL = 1_000;

  private final Controller controller;
  private final Supplier<ClusterImage> image;
  private final int nodeId;
  private final LongSupplier nodeEpoch;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean isCalling;

  private record Waiting(IsrProposal proposal, CompletableFuture<IsrResult> result) {}

  ControllerIsrChanges(
      Controller controller, Supplier<ClusterImage> image, int nodeId, LongSupplier nodeEpoch) {
    this.controller = controller;
    this.image = image;
    this.nodeId = nodeId;
    this.nodeEpoch = nodeEpoch;
  }

  @Override
  public CompletableFuture<IsrResult> propose(IsrProposal proposal) {
    CompletableFuture<IsrResult> result = new CompletableFuture<>();
    synchronized (this) {
      waiting.add(new Waiting(proposal, result));
      if (isCalling) {
        return result;
      }
      isCalling = true;
    }
    call();
    return result;
  }

  @Override
  public OptionalLong eligibleNodeEpoch(int id) {
    return image.get().nodes().get(id).filter(NodeImage::isActive).stream()
        .mapToLong(NodeImage::epoch)
        .findFirst();
  }

  private void call() {
    Map<TopicIdPartition, Waiting> together = take();
    if (together.isEmpty()) {
      return;
    }
    controller
        .alterPartition(request(together.values()))
        .whenComplete((response, failure) -> {
          together.values().forEach(each -> answer(each, response, failure));
          call();
        });
  }

  /** One proposal of each partition; another one of it waits for the next call. */
  private synchronized Map<TopicIdPartition, Waiting> take() {
    Map<TopicIdPartition, Waiting> together = new LinkedHashMap<>();
    Iterator<Waiting> all = waiting.iterator();
    while (all.hasNext() && together.size() < MAX_PARTITIONS_PER_CALL) {
      Waiting each = all.next();
      if (together.putIfAbsent(each.proposal().partition(), each) == null) {
        all.remove();
      }
    }
    isCalling = !together.isEmpty();
    return together;
  }

  private AlterPartitionRequestData request(Iterable<Waiting> together) {
    Map<Uuid, TopicData> topics = new LinkedHashMap<>();
    for (Waiting each : together) {
      topics
          .computeIfAbsent(
              each.proposal().partition().topicId(),
              id -> new TopicData().setTopicId(id).setPartitions(new ArrayList<>()))
          .partitions()
          .add(change(each.proposal()));
    }
    return new AlterPartitionRequestData()
        .setBrokerId(nodeId)
        .setBrokerEpoch(nodeEpoch.getAsLong())
        .setTopics(List.copyOf(topics.values()));
  }

  private static AlterPartitionRequestData.PartitionData change(IsrProposal proposal) {
    return new AlterPartitionRequestData.PartitionData()
        .setPartitionIndex(proposal.partition().partition())
        .setLeaderEpoch(proposal.leaderEpoch())
        .setPartitionEpoch(proposal.partitionEpoch())
        .setNewIsrWithEpochs(proposal.isr().stream().map(ControllerIsrChanges::member).toList());
  }

  private static BrokerState member(NodeEpoch node) {
    return new BrokerState().setBrokerId(node.nodeId()).setBrokerEpoch(node.epoch());
  }

  private static void answer(
      Waiting each, @Nullable AlterPartitionResponseData response, @Nullable Throwable failure) {
    each.result()
        .complete(
            response == null
                ? new IsrResult.Refused(error(failure))
                : result(each.proposal().partition(), response));
  }

  private static Errors error(@Nullable Throwable failure) {
    return failure == null ? Errors.UNKNOWN_SERVER_ERROR : ProtocolErrors.of(failure);
  }

  private static IsrResult result(TopicIdPartition id, AlterPartitionResponseData response) {
    if (response.errorCode() != Errors.NONE.code()) {
      return new IsrResult.Refused(Errors.forCode(response.errorCode()));
    }
    return response.topics().stream()
        .filter(topic -> topic.topicId().equals(id.topicId()))
        .flatMap(topic -> topic.partitions().stream())
        .filter(partition -> partition.partitionIndex() == id.partition())
        .map(ControllerIsrChanges::result)
        .findFirst()
        // Nothing was said of it: whether it was changed the image will tell.
        .orElseGet(() -> new IsrResult.Refused(Errors.UNKNOWN_SERVER_ERROR));
  }

  private static IsrResult result(PartitionData changed) {
    return changed.errorCode() == Errors.NONE.code()
        ? new IsrResult.Committed(changed.leaderEpoch(), changed.partitionEpoch(), changed.isr())
        : new IsrResult.Refused(Errors.forCode(changed.errorCode()));
  }
}
