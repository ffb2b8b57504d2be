package io.tidemark.log.partition;

import io.tidemark.log.record.RecordsPayload;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A run of whole batches read from a log; the last may be cut short by the reader's limit, as in
 * Kafka. The bytes stay readable until {@link #release}, whatever happens to the log.
 */
public sealed interface LogSlice extends RecordsPayload permits FileSlice, MemorySlice {
  @Override
  int sizeBytes();

  /** Copies from {@code from} bytes into the slice on, until {@code dst} or the slice is full. */
  void read(ByteBuffer dst, int from) throws IOException;

  /** Gives the bytes back; exactly once. */
  void release();

  /** The whole slice as a fresh heap buffer. */
  default ByteBuffer toBuffer() throws IOException {
    ByteBuffer copy = ByteBuffer.allocate(sizeBytes());
    read(copy, 0);
    return copy.flip();
  }
}
