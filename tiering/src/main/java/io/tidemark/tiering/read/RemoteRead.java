package io.tidemark.tiering.read;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;

/**
 * Consecutive whole record batches from the store. The buffers are read-only views of cached memory
 * and valid until {@link #release}, which the receiver calls exactly once, from any thread.
 */
public final class RemoteRead {
  private final long baseOffset;
  private final long nextOffset;
  private final List<ByteBuffer> buffers;
  private final List<FetchResponseData.AbortedTransaction> abortedTransactions;
  private final Runnable onRelease;

  RemoteRead(
      long baseOffset,
      long nextOffset,
      List<ByteBuffer> buffers,
      List<FetchResponseData.AbortedTransaction> abortedTransactions,
      Runnable onRelease) {
    this.baseOffset = baseOffset;
    this.nextOffset = nextOffset;
    this.buffers = List.copyOf(buffers);
    this.abortedTransactions = List.copyOf(abortedTransactions);
    this.onRelease = onRelease;
  }

  /** Base offset of the first batch, at or below the offset asked for. */
  public long baseOffset() {
    return baseOffset;
  }

  /** The offset after the last batch: where a sequential reader goes on. */
  public long nextOffset() {
    return nextOffset;
  }

  /** The bytes, in order; a batch may begin in one buffer and end in the next. */
  public List<ByteBuffer> buffers() {
    return buffers.stream().map(ByteBuffer::duplicate).toList();
  }

  public int sizeBytes() {
    return buffers.stream().mapToInt(ByteBuffer::remaining).sum();
  }

  /** Aborted transactions that overlap what was read, for read-committed consumers. */
  public List<FetchResponseData.AbortedTransaction> abortedTransactions() {
    return abortedTransactions;
  }

  public void release() {
    onRelease.run();
  }
}
