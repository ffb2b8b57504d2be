package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Where an event loop's connections receive between frames: one buffer of 64 KiB, used again for
 * every read as long as no request keeps a slice of it. Used by its loop alone and closed with it.
 */
final class LandingBuffer {
  static final int SIZE_BYTES = 64 * 1024;

  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf buffer;

  LandingBuffer(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** An empty buffer; the caller releases it once. */
  ByteBuf take() {
    ByteBuf current = buffer;
    if (current == null || current.refCnt() != 1) {
      close();
      current = allocator.directBuffer(SIZE_BYTES, SIZE_BYTES);
      buffer = current;
    }
    return current.clear().retain();
  }

  void close() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }
}
