package io.tidemark.log.record;

import java.nio.ByteBuffer;

/**
 * Walks the batches that lie one behind the other in a buffer, from its position to its limit,
 * without moving either and without an object per batch. Not thread-safe.
 *
 * <pre>{@code
 * BatchCursor batches = new BatchCursor(buffer);
 * while (batches.next()) {
 *   batches.header().setBaseOffset(…);
 * }
 * }</pre>
 */
public final class BatchCursor {
  private final ByteBuffer buffer;
  private final int end;
  private final RecordBatchHeader header = new RecordBatchHeader();
  private int nextPosition;

  public BatchCursor(ByteBuffer buffer) {
    this.buffer = buffer;
    this.nextPosition = buffer.position();
    this.end = buffer.limit();
  }

  /**
   * Moves to the next batch. False at the end, and where the rest is no complete batch: {@link
   * #remainingBytes} tells the two apart.
   */
  public boolean next() {
    if (end - nextPosition < RecordBatchHeader.SIZE_BYTES) {
      return false;
    }
    header.wrap(buffer, nextPosition);
    if (!header.isPlausible() || header.sizeBytes() > end - nextPosition) {
      return false;
    }
    nextPosition += header.sizeBytes();
    return true;
  }

  /** The batch moved to last. */
  public RecordBatchHeader header() {
    return header;
  }

  /** Bytes behind the last batch. */
  public int remainingBytes() {
    return end - nextPosition;
  }

  /** Where the batch moved to last ends. */
  public int nextPosition() {
    return nextPosition;
  }
}
