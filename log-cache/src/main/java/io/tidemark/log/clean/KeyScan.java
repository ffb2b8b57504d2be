package io.tidemark.log.clean;

import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.RecordKeys;
import java.io.IOException;
import java.util.List;

/**
 * Reads the dirty part of a log and notes the newest offset of each key, until all is read or the
 * map is full. Records of aborted transactions do not count. Not thread-safe; closed by the round.
 */
final class KeyScan implements AutoCloseable {
  private final SegmentRun run;
  private final long startOffset;
  private final OffsetMap map;
  private final CleanedTransactions transactions;
  private final RecordKeys keys = new RecordKeys();
  private long endOffset;
  private boolean isFull;

  /**
   * @param dirty the segments, retained
   * @param cleanable up to where they may be cleaned
   */
  KeyScan(
      List<ClosedSegment> dirty,
      Cleanable cleanable,
      OffsetMap map,
      CleanedTransactions transactions) {
    this.run = new SegmentRun(dirty);
    this.startOffset = cleanable.startOffset();
    this.endOffset = cleanable.endOffset();
    this.map = map;
    this.transactions = transactions;
  }

  /** Reads on for about so many bytes; false when it is over. */
  boolean step(long bytes) throws IOException {
    long until = run.readBytes() + bytes;
    while (!isFull && run.readBytes() < until) {
      if (!run.next()) {
        return false;
      }
      take(run.header());
    }
    return !isFull;
  }

  private void take(RecordBatchHeader batch) {
    if (batch.isControl()) {
      transactions.ended(batch, Markers.of(run.buffer(), batch));
    } else if (!transactions.isAborted(batch) && batch.lastOffset() >= startOffset) {
      keys.visit(
          run.buffer(),
          batch,
          (offset, key, hasValue) -> {
            if (key == null || offset < startOffset || map.put(key, offset)) {
              return true;
            }
            endOffset = offset;
            isFull = true;
            return false;
          });
    }
  }

  /** All keys below are in the map. */
  long endOffset() {
    return endOffset;
  }

  long readBytes() {
    return run.readBytes();
  }

  @Override
  public void close() {
    run.close();
  }
}
