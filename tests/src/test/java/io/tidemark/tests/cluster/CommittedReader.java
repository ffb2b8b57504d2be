package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.LogRecord;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.Records;
import io.tidemark.log.record.WireRecords;
import io.tidemark.tests.history.CommittedReading;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Reads one partition from its first offset on with {@code read_committed}, without a fetch
 * session, and leaves out what it is told was aborted, as consumers do.
 */
final class CommittedReader {
  private static final int MAX_WAIT_MS = 200;
  private static final int PARTITION_BYTES = 16 << 10;
  private static final int NO_SESSION = -1;

  private final ClusterClient client;
  private final TopicPartition partition;
  private final Sink sink;
  private long offset;
  private boolean isAtEnd;

  /** Who is shown what is read. */
  interface Sink {
    void read(LogRecord record);

    /** All that is committed below was read. */
    void reached(long position);
  }

  CommittedReader(ClusterClient client, TopicPartition partition, Sink sink) {
    this.client = client;
    this.partition = partition;
    this.sink = sink;
  }

  /** Enters what is read into a history, by the names in its values. */
  static Sink into(CommittedReading reading, TopicPartition partition) {
    return new Sink() {
      @Override
      public void read(LogRecord record) {
        reading.read(partition, record.offset(), Values.name(record.value()));
      }

      @Override
      public void reached(long position) {
        reading.reached(partition, position);
      }
    };
  }

  /** Whether the last fetch came to the log's end, with no transaction open below it. */
  boolean isAtEnd() {
    return isAtEnd;
  }

  /** One fetch from whoever leads. */
  void poll() {
    HostPort leader = client.leader(partition.topic(), partition.partition());
    ClusterClient.TopicView view = leader == null ? null : client.topic(partition.topic());
    if (view == null) {
      client.pause();
      return;
    }
    if (client.ask(leader, ApiKeys.FETCH, request(view))
        instanceof Outcome.Answered(ApiMessage body)) {
      FetchResponseData answer = (FetchResponseData) body;
      if (answer.errorCode() == Errors.NONE.code() && !answer.responses().isEmpty()) {
        take(answer.responses().getFirst().partitions().getFirst());
        return;
      }
    }
    failed();
  }

  private void failed() {
    client.forget(partition.topic());
    client.pause();
  }

  private FetchRequestData request(ClusterClient.TopicView view) {
    FetchRequestData.FetchTopic topic =
        new FetchRequestData.FetchTopic().setTopic(partition.topic()).setTopicId(view.id());
    topic
        .partitions()
        .add(
            new FetchRequestData.FetchPartition()
                .setPartition(partition.partition())
                .setFetchOffset(offset)
                .setCurrentLeaderEpoch(view.partitions().get(partition.partition()).leaderEpoch())
                .setPartitionMaxBytes(PARTITION_BYTES));
    return new FetchRequestData()
        .setMaxWaitMs(MAX_WAIT_MS)
        .setMinBytes(1)
        .setMaxBytes(1 << 20)
        .setIsolationLevel(IsolationLevel.READ_COMMITTED.id())
        .setSessionEpoch(NO_SESSION)
        .setTopics(List.of(topic));
  }

  private void take(FetchResponseData.PartitionData data) {
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
    ByteBuffer batches = WireRecords.bytes(data.records());
    if (batches != null && batches.hasRemaining()) {
      take(batches, aborted(data.abortedTransactions()));
    }
    isAtEnd = offset >= data.highWatermark() && data.lastStableOffset() == data.highWatermark();
  }

  private static Queue<AbortedTransaction> aborted(List<AbortedTransaction> listed) {
    Queue<AbortedTransaction> byFirstOffset =
        new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    if (listed != null) {
      byFirstOffset.addAll(listed);
    }
    return byFirstOffset;
  }

  private void take(ByteBuffer batches, Queue<AbortedTransaction> aborted) {
    Set<Long> aborting = new HashSet<>();
    BatchCursor cursor = new BatchCursor(batches);
    while (cursor.next()) {
      RecordBatchHeader batch = cursor.header();
      while (!aborted.isEmpty() && aborted.element().firstOffset() <= batch.lastOffset()) {
        aborting.add(aborted.remove().producerId());
      }
      if (batch.isControl()) {
        TransactionMarker marker = ControlBatches.marker(batches, batch);
        if (marker != null && !marker.isCommit()) {
          aborting.remove(batch.producerId());
        }
      } else if (!batch.isTransactional() || !aborting.contains(batch.producerId())) {
        show(batches.slice(batch.position(), batch.sizeBytes()));
      }
      offset = Math.max(offset, batch.nextOffset());
      sink.reached(offset);
    }
  }

  private void show(ByteBuffer batch) {
    Records.visit(
        batch,
        (_, record) -> {
          if (record.offset() >= offset) {
            sink.read(record);
          }
          return true;
        });
  }
}
