package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.log.record.WireRecords;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * An assigned consumer of one partition, in a fetch session with its leader. It never skips, and
 * checks that what it is told of the log's ends goes back in no leader epoch.
 */
final class TailingConsumer {
  private static final int MAX_WAIT_MS = 200;
  private static final int PARTITION_BYTES = 64 << 10;

  private final ClusterClient client;
  private final TopicPartition partition;
  private final ClusterHistory history;
  private final BiConsumer<Long, String> records;

  private @Nullable HostPort sessionWith;
  private int sessionId;
  private int sessionEpoch;
  private boolean isTold;
  private long offset;
  private long highWatermark = -1;
  private long logStartOffset = -1;
  private int leaderEpoch = -1;

  TailingConsumer(
      ClusterClient client,
      TopicPartition partition,
      ClusterHistory history,
      BiConsumer<Long, String> records) {
    this.client = client;
    this.partition = partition;
    this.history = history;
    this.records = records;
  }

  /** The offset after the last record it got. */
  long offset() {
    return offset;
  }

  /** The newest high watermark it was told, −1 before. */
  long highWatermark() {
    return highWatermark;
  }

  /** One fetch from whoever leads. */
  void poll() {
    HostPort leader = client.leader(partition.topic(), partition.partition());
    if (leader == null) {
      return;
    }
    if (!leader.equals(sessionWith)) {
      endSession();
      sessionWith = leader;
    }
    ClusterClient.TopicView view = client.topic(partition.topic());
    if (view == null) {
      client.pause();
      return;
    }
    int epoch = view.partitions().get(partition.partition()).leaderEpoch();
    switch (client.ask(leader, ApiKeys.FETCH, request(view, epoch))) {
      case Outcome.Answered answered -> take((FetchResponseData) answered.body(), epoch);
      case Outcome.NotSent _ -> failed();
      case Outcome.Unknown _ -> failed();
    }
  }

  private void failed() {
    endSession();
    client.forget(partition.topic());
    client.pause();
  }

  private void endSession() {
    sessionWith = null;
    sessionId = 0;
    sessionEpoch = 0;
    isTold = false;
  }

  private FetchRequestData request(ClusterClient.TopicView view, int epoch) {
    FetchRequestData request =
        new FetchRequestData()
            .setMaxWaitMs(MAX_WAIT_MS)
            .setMinBytes(1)
            .setMaxBytes(1 << 20)
            .setIsolationLevel(IsolationLevel.READ_UNCOMMITTED.id())
            .setSessionId(sessionId)
            .setSessionEpoch(sessionEpoch);
    if (!isTold) {
      FetchRequestData.FetchTopic topic =
          new FetchRequestData.FetchTopic().setTopic(partition.topic()).setTopicId(view.id());
      topic
          .partitions()
          .add(
              new FetchRequestData.FetchPartition()
                  .setPartition(partition.partition())
                  .setFetchOffset(offset)
                  .setCurrentLeaderEpoch(epoch)
                  .setPartitionMaxBytes(PARTITION_BYTES));
      request.setTopics(List.of(topic));
    }
    return request;
  }

  private void take(FetchResponseData answer, int epoch) {
    Errors error = Errors.forCode(answer.errorCode());
    if (error != Errors.NONE) {
      ClusterClient.checkRetriable(error, "Fetch");
      failed();
      return;
    }
    sessionId = answer.sessionId();
    sessionEpoch = sessionId == 0 ? 0 : sessionEpoch + 1;
    isTold = sessionId != 0;
    if (!answer.responses().isEmpty()) {
      take(answer.responses().getFirst().partitions().getFirst(), epoch);
    }
  }

  private void take(FetchResponseData.PartitionData data, int epoch) {
    Errors error = Errors.forCode(data.errorCode());
    if (error == Errors.OFFSET_OUT_OF_RANGE) {
      // A leader that does not know yet how far the log was committed; never for good.
      failed();
      return;
    }
    if (error != Errors.NONE) {
      ClusterClient.checkRetriable(error, "Fetch of " + partition);
      failed();
      return;
    }
    checkEnds(data, epoch);
    ByteBuffer batches = WireRecords.bytes(data.records());
    if (batches != null && batches.hasRemaining()) {
      offset = Values.visit(batches, offset, this::seen);
      isTold = false; // the session is told the new offset
    }
  }

  private void seen(long at, String value) {
    if (at != offset) {
      history.anomaly("%s gave %d where %d was due".formatted(partition, at, offset));
    }
    offset = at + 1;
    history.seen(partition, at, value);
    records.accept(at, value);
  }

  private void checkEnds(FetchResponseData.PartitionData data, int epoch) {
    if (epoch == leaderEpoch) {
      if (data.highWatermark() < highWatermark) {
        history.anomaly(
            "the high watermark of %s went from %d back to %d in leader epoch %d"
                .formatted(partition, highWatermark, data.highWatermark(), epoch));
      }
      if (data.logStartOffset() < logStartOffset) {
        history.anomaly(
            "the log start of %s went from %d back to %d in leader epoch %d"
                .formatted(partition, logStartOffset, data.logStartOffset(), epoch));
      }
    }
    leaderEpoch = epoch;
    highWatermark = data.highWatermark();
    logStartOffset = data.logStartOffset();
  }
}
