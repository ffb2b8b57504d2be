package io.tidemark.gateway.api;

import io.tidemark.gateway.api.LocalPartitions.Elsewhere;
import io.tidemark.gateway.api.LocalPartitions.Here;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;

/**
 * OffsetForLeaderEpoch: where a leader epoch ended. The local lineage knows the epochs of what is
 * on this disk; older ones are looked up in the manifest.
 */
public final class OffsetForLeaderEpochHandler implements ApiHandler {
  private final LocalPartitions partitions;
  private final ColdReads coldReads;

  public OffsetForLeaderEpochHandler(LocalPartitions partitions, ColdReads coldReads) {
    this.partitions = partitions;
    this.coldReads = coldReads;
  }

  @Override
  public void handle(Request request, Responder responder) {
    OffsetsForLeaderEpochRequest body = (OffsetsForLeaderEpochRequest) request.body();
    OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
    List<CompletableFuture<?>> pending = new ArrayList<>();
    for (OffsetForLeaderTopic topic : body.data().topics()) {
      OffsetForLeaderTopicResult result = new OffsetForLeaderTopicResult().setTopic(topic.topic());
      response.topics().add(result);
      List<CompletableFuture<EpochEndOffset>> ends =
          topic.partitions().stream().map(asked -> answer(topic.topic(), asked)).toList();
      pending.add(Futures.all(ends).thenAccept(result::setPartitions));
    }
    Answers.when(Futures.done(pending).thenApply(done -> response), request, responder);
  }

  private CompletableFuture<EpochEndOffset> answer(String topic, OffsetForLeaderPartition asked) {
    return find(topic, asked)
        .handle((end, failure) ->
            failure == null
                ? new EpochEndOffset()
                    .setPartition(asked.partition())
                    .setLeaderEpoch(end.epoch())
                    .setEndOffset(end.endOffset())
                : new EpochEndOffset()
                    .setPartition(asked.partition())
                    .setErrorCode(ProtocolErrors.of(failure).code()));
  }

  private CompletableFuture<EpochEnd> find(String topic, OffsetForLeaderPartition asked) {
    try {
      return switch (partitions.find(topic, asked.partition())) {
        case Elsewhere elsewhere -> CompletableFuture.failedFuture(elsewhere.error().exception());
        case Here here -> find(here.replica(), asked);
      };
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<EpochEnd> find(Replica replica, OffsetForLeaderPartition asked) {
    ReplicaView view = replica.view();
    Leadership.require(view, asked.currentLeaderEpoch());
    if (asked.leaderEpoch() < 0) {
      return CompletableFuture.failedFuture(Errors.INVALID_REQUEST.exception());
    }
    EpochEnd local = replica.endOffsetForEpoch(asked.currentLeaderEpoch(), asked.leaderEpoch());
    if (local.isDefined() || !coldReads.has(replica.id())) {
      return CompletableFuture.completedFuture(local);
    }
    return coldReads.endOffsetForEpoch(replica.id(), asked.leaderEpoch());
  }
}
