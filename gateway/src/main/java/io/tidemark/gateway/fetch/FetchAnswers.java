package io.tidemark.gateway.fetch;

import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.record.WireRecords;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.ReplicaRead;
import io.tidemark.tiering.read.RemoteRead;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Turns what a read found into the response's own form. */
final class FetchAnswers {
  static final long UNKNOWN_OFFSET = -1L;

  private FetchAnswers() {}

  static PartitionAnswer of(
      FetchedPartition partition, ReplicaRead read, Isolation isolation, boolean wasCut) {
    SeenOffsets seen = SeenOffsets.of(read.view());
    PartitionData data = offsets(partition, seen);
    data.setAbortedTransactions(aborted(read.abortedTransactions(), isolation));
    EpochEnd diverging = read.diverging();
    if (diverging != null) {
      data.divergingEpoch().setEpoch(diverging.epoch()).setEndOffset(diverging.endOffset());
    }
    LogSlice slice = read.slice();
    if (slice != null) {
      data.setRecords(WireRecords.of(slice));
    }
    return new PartitionAnswer(partition, data, seen, read.sizeBytes(), wasCut, read::release);
  }

  /** The store has a batch for each offset that is read there: none means that it had no room. */
  static PartitionAnswer of(
      FetchedPartition partition, SeenOffsets view, RemoteRead read, Isolation isolation) {
    boolean wasCut = read.sizeBytes() == 0;
    PartitionData data = offsets(partition, view);
    data.setAbortedTransactions(aborted(read.abortedTransactions(), isolation));
    data.setRecords(WireRecords.of(read.slice()));
    return new PartitionAnswer(partition, data, view, read.sizeBytes(), wasCut, read::release);
  }

  /** No bytes and no error: there are none, or they are on their way. */
  static PartitionAnswer nothing(
      FetchedPartition partition, SeenOffsets view, Isolation isolation, boolean wasCut) {
    PartitionData data = offsets(partition, view);
    data.setAbortedTransactions(isolation == Isolation.COMMITTED ? List.of() : null);
    return new PartitionAnswer(partition, data, view, 0, wasCut, () -> {});
  }

  /** Another replica is nearer to the consumer: it is to ask there. */
  static PartitionAnswer elsewhere(
      FetchedPartition partition, SeenOffsets view, Isolation isolation, int replicaId) {
    PartitionData data = offsets(partition, view);
    data.setAbortedTransactions(isolation == Isolation.COMMITTED ? List.of() : null);
    data.setPreferredReadReplica(replicaId);
    return new PartitionAnswer(partition, data, view, 0, false, () -> {});
  }

  static PartitionData error(int partition, Errors error) {
    return new PartitionData()
        .setPartitionIndex(partition)
        .setErrorCode(error.code())
        .setHighWatermark(UNKNOWN_OFFSET)
        .setRecords(WireRecords.empty());
  }

  private static PartitionData offsets(FetchedPartition partition, SeenOffsets view) {
    return new PartitionData()
        .setPartitionIndex(partition.key.partition())
        .setHighWatermark(view.highWatermark())
        .setLastStableOffset(view.lastStableOffset())
        .setLogStartOffset(view.logStartOffset())
        .setRecords(WireRecords.empty());
  }

  /** Read-uncommitted consumers get null, as from Kafka: they do not filter. */
  private static @Nullable List<AbortedTransaction> aborted(
      List<io.tidemark.log.producer.AbortedTransaction> found, Isolation isolation) {
    if (isolation != Isolation.COMMITTED) {
      return null;
    }
    return found.stream()
        .map(aborted ->
            new AbortedTransaction()
                .setProducerId(aborted.producerId())
                .setFirstOffset(aborted.firstOffset()))
        .toList();
  }
}
