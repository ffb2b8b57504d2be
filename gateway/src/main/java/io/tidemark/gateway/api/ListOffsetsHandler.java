package io.tidemark.gateway.api;

import io.tidemark.gateway.api.LocalPartitions.Elsewhere;
import io.tidemark.gateway.api.LocalPartitions.Here;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/**
 * ListOffsets: every partition is looked up on its own, across both tiers, and the answer leaves
 * when all are known. A look-up that outlasts the client's time-out (v10 on) or {@link
 * #MAX_WAIT_MS} answers REQUEST_TIMED_OUT for its partition.
 */
public final class ListOffsetsHandler implements ApiHandler {
  private static final int MAX_WAIT_MS = 30_000;
  private static final short OLDEST_VERSION_WITH_EPOCH = 4;
  private static final short OLDEST_VERSION_WITH_TIMEOUT = 10;

  private final LocalPartitions partitions;
  private final OffsetLookup lookup;

  public ListOffsetsHandler(LocalPartitions partitions, OffsetLookup lookup) {
    this.partitions = partitions;
    this.lookup = lookup;
  }

  @Override
  public void handle(Request request, Responder responder) {
    ListOffsetsRequest body = (ListOffsetsRequest) request.body();
    List<CompletableFuture<?>> pending = new ArrayList<>();
    List<ListOffsetsTopicResponse> topics = new ArrayList<>();
    for (ListOffsetsTopic topic : body.topics()) {
      List<CompletableFuture<ListOffsetsPartitionResponse>> answers =
          topic.partitions().stream()
              .map(partition -> answer(topic.name(), partition, body, request))
              .toList();
      ListOffsetsTopicResponse response = new ListOffsetsTopicResponse().setName(topic.name());
      topics.add(response);
      pending.add(Futures.all(answers).thenAccept(response::setPartitions));
    }
    Answers.when(
        Futures.done(pending).thenApply(done -> new ListOffsetsResponseData().setTopics(topics)),
        request,
        responder);
  }

  private CompletableFuture<ListOffsetsPartitionResponse> answer(
      String topic, ListOffsetsPartition asked, ListOffsetsRequest body, Request request) {
    int partition = asked.partitionIndex();
    return Futures.within(
            timeoutMs(body, request),
            request.loop(),
            find(topic, asked, body, request.apiVersion()))
        .handle((found, failure) ->
            failure == null
                ? answer(partition, found, request.apiVersion())
                : error(partition, ProtocolErrors.of(failure)));
  }

  private CompletableFuture<OffsetLookup.Result> find(
      String topic, ListOffsetsPartition asked, ListOffsetsRequest body, short apiVersion) {
    Set<TopicPartition> duplicates = body.duplicatePartitions();
    if (duplicates.contains(new TopicPartition(topic, asked.partitionIndex()))) {
      return CompletableFuture.failedFuture(Errors.INVALID_REQUEST.exception());
    }
    if (!OffsetLookup.isKnown(asked.timestamp(), apiVersion)) {
      return CompletableFuture.failedFuture(Errors.UNSUPPORTED_VERSION.exception());
    }
    return switch (partitions.find(topic, asked.partitionIndex())) {
      case Elsewhere elsewhere -> CompletableFuture.failedFuture(elsewhere.error().exception());
      case Here here ->
          lookup.find(
              here.replica(),
              asked.timestamp(),
              asked.currentLeaderEpoch(),
              ReadIsolation.of(body.replicaId(), body.data().isolationLevel()));
    };
  }

  private static int timeoutMs(ListOffsetsRequest body, Request request) {
    int asked = body.timeoutMs();
    return request.apiVersion() >= OLDEST_VERSION_WITH_TIMEOUT && asked > 0
        ? Math.min(asked, MAX_WAIT_MS)
        : MAX_WAIT_MS;
  }

  private static ListOffsetsPartitionResponse answer(
      int partition, OffsetLookup.Result found, short apiVersion) {
    ListOffsetsPartitionResponse answer =
        new ListOffsetsPartitionResponse()
            .setPartitionIndex(partition)
            .setTimestamp(found.timestampMs())
            .setOffset(found.offset());
    return apiVersion >= OLDEST_VERSION_WITH_EPOCH
        ? answer.setLeaderEpoch(found.leaderEpoch())
        : answer;
  }

  private static ListOffsetsPartitionResponse error(int partition, Errors error) {
    return new ListOffsetsPartitionResponse()
        .setPartitionIndex(partition)
        .setErrorCode(error.code())
        .setTimestamp(ListOffsetsResponse.UNKNOWN_TIMESTAMP)
        .setOffset(ListOffsetsResponse.UNKNOWN_OFFSET);
  }
}
