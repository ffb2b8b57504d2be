package io.tidemark.log.partition;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Batches that lie in memory, in one buffer or several; who made it is told when it is released.
 */
public final class MemorySlice implements LogSlice {
  private final List<ByteBuffer> buffers;
  private final int sizeBytes;
  private final Runnable onRelease;
  private final AtomicBoolean isReleased = new AtomicBoolean();

  /** The remaining bytes of the buffers, which must not change until {@code onRelease} has run. */
  public MemorySlice(List<ByteBuffer> buffers, Runnable onRelease) {
    this.buffers = List.copyOf(buffers);
    this.sizeBytes = this.buffers.stream().mapToInt(ByteBuffer::remaining).sum();
    this.onRelease = onRelease;
  }

  public static MemorySlice empty() {
    return new MemorySlice(List.of(), () -> {});
  }

  /** Fresh views; the caller may move them. */
  public List<ByteBuffer> buffers() {
    return buffers.stream().map(ByteBuffer::duplicate).toList();
  }

  @Override
  public int sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void read(ByteBuffer dst, int from) {
    int skip = from;
    for (ByteBuffer buffer : buffers) {
      int start = Math.min(skip, buffer.remaining());
      skip -= start;
      int length = Math.min(buffer.remaining() - start, dst.remaining());
      dst.put(buffer.slice(buffer.position() + start, length));
    }
  }

  @Override
  public void release() {
    if (isReleased.compareAndSet(false, true)) {
      onRelease.run();
    }
  }
}
