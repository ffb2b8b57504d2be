package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Where an event loop's connections receive between frames: one buffer of 256 KiB, used again for
 * every read as long as no request keeps a slice of it. Several requests of a batch each land whole
 * in it and need no copy. Used by its loop alone and closed with it.
 */
final class LandingBuffer {
  static final int SIZE_BYTES = 256 * 1024;

  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf buffer;

  LandingBuffer(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** Nothing yet, and room for so much; the caller releases it once. */
  ByteBuf take(int bytes) {
    ByteBuf current = buffer;
    if (current == null || current.refCnt() != 1) {
      close();
      current = allocator.directBuffer(SIZE_BYTES, SIZE_BYTES);
      buffer = current;
    }
    if (bytes == SIZE_BYTES) {
      return current.clear().retain();
    }
    return current.retainedSlice(0, bytes).clear();
  }

  void close() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }
}
