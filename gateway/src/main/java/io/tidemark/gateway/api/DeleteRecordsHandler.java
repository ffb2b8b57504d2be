package io.tidemark.gateway.api;

import io.tidemark.gateway.api.LocalPartitions.Elsewhere;
import io.tidemark.gateway.api.LocalPartitions.Here;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.tiering.Tiering;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;

/**
 * DeleteRecords: moves log starts forward through the quorum, over both tiers. Answered when the
 * quorum has it and this replica follows; bytes are freed later, wherever they lie.
 */
public final class DeleteRecordsHandler implements ApiHandler {
  private final LocalPartitions partitions;
  private final Tiering tiering;

  public DeleteRecordsHandler(LocalPartitions partitions, Tiering tiering) {
    this.partitions = partitions;
    this.tiering = tiering;
  }

  @Override
  public void handle(Request request, Responder responder) {
    DeleteRecordsRequest body = body(request);
    DeleteRecordsResponseData response = new DeleteRecordsResponseData();
    List<CompletableFuture<?>> pending = new ArrayList<>();
    for (DeleteRecordsTopic topic : body.data().topics()) {
      DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(topic.name());
      response.topics().add(result);
      List<CompletableFuture<DeleteRecordsPartitionResult>> answers =
          topic.partitions().stream().map(asked -> answer(topic.name(), asked, request)).toList();
      pending.add(
          Futures.all(answers).thenAccept(results -> results.forEach(result.partitions()::add)));
    }
    Answers.when(Futures.done(pending).thenApply(done -> response), request, responder);
  }

  private static DeleteRecordsRequest body(Request request) {
    return (DeleteRecordsRequest) request.body();
  }

  private CompletableFuture<DeleteRecordsPartitionResult> answer(
      String topic, DeleteRecordsPartition asked, Request request) {
    return Futures.within(body(request).data().timeoutMs(), request.loop(), advance(topic, asked))
        .handle((logStart, failure) ->
            failure == null
                ? new DeleteRecordsPartitionResult()
                    .setPartitionIndex(asked.partitionIndex())
                    .setLowWatermark(logStart)
                : new DeleteRecordsPartitionResult()
                    .setPartitionIndex(asked.partitionIndex())
                    .setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK)
                    .setErrorCode(ProtocolErrors.of(failure).code()));
  }

  private CompletableFuture<Long> advance(String topic, DeleteRecordsPartition asked) {
    try {
      return switch (partitions.find(topic, asked.partitionIndex())) {
        case Elsewhere elsewhere -> CompletableFuture.failedFuture(elsewhere.error().exception());
        case Here here -> advance(here.replica(), asked.offset());
      };
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Long> advance(Replica replica, long asked) {
    ReplicaView view = replica.view();
    Leadership.require(view);
    if (!view.config().delete()) {
      throw new PolicyViolationException("The topic's cleanup.policy does not contain delete");
    }
    long offset = asked == DeleteRecordsRequest.HIGH_WATERMARK ? view.highWatermark() : asked;
    if (offset < 0 || offset > view.highWatermark()) {
      throw new OffsetOutOfRangeException(
          "Offset %d is not within the log, which is committed up to %d"
              .formatted(offset, view.highWatermark()));
    }
    if (offset <= view.logStartOffset()) {
      return CompletableFuture.completedFuture(view.logStartOffset());
    }
    return tiering.advanceLogStart(replica, offset);
  }
}
