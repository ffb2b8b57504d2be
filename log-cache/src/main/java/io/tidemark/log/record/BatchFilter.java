package io.tidemark.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch anew without some of its records, as Kafka's own cleaner does: first and last
 * offset, epoch, producer and sequences stay, each record keeps its offset. Where tombstones stay,
 * or a marker that ends nothing any more, and the batch says no time yet at which they may go, it
 * says one from now on (KIP-534: the base timestamp, attribute bit 6). Stateless.
 */
public final class BatchFilter {
  private BatchFilter() {}

  /** Which records stay. */
  @FunctionalInterface
  public interface Retention {
    boolean retains(long offset, @Nullable ByteBuffer key, boolean hasValue);
  }

  /**
   * How a batch is treated.
   *
   * @param keepsEmpty whether its header stays when no record does
   * @param isEmptyMarker it is a marker of a transaction of which nothing is left
   * @param nowMs the present time
   * @param deleteRetentionMs how long tombstones and such markers stay from now on
   */
  public record Treatment(
      boolean keepsEmpty, boolean isEmptyMarker, long nowMs, long deleteRetentionMs) {}

  /** The batch as it is to be written; without bytes when nothing of it stays. */
  public static ByteBuffer filter(ByteBuffer batch, Treatment treatment, Retention retention) {
    MemoryRecords records = MemoryRecords.readableRecords(batch.slice());
    ByteBuffer target = ByteBuffer.allocate(batch.remaining());
    return records
        .filterTo(
            new Filter(treatment, retention), target, BufferSupplier.NO_CACHING, Integer.MAX_VALUE)
        .outputBuffer()
        .flip();
  }

  private static final class Filter extends MemoryRecords.RecordFilter {
    private final Treatment treatment;
    private final Retention retention;

    Filter(Treatment treatment, Retention retention) {
      super(treatment.nowMs(), treatment.deleteRetentionMs());
      this.treatment = treatment;
      this.retention = retention;
    }

    @Override
    protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
      return new BatchRetentionResult(
          treatment.keepsEmpty() ? BatchRetention.RETAIN_EMPTY : BatchRetention.DELETE_EMPTY,
          treatment.isEmptyMarker());
    }

    @Override
    protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
      return retention.retains(record.offset(), record.key(), record.hasValue());
    }
  }
}
