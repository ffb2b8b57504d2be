package io.tidemark.gateway.peer;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames, each in a buffer of its own and of its size, so that bytes
 * are copied once, however many reads a frame comes in. Belongs to one connection's event loop.
 */
final class FrameReader {
  private static final int SIZE_FIELD_BYTES = 4;

  private final int maxFrameBytes;
  private final ByteBuffer size = ByteBuffer.allocate(SIZE_FIELD_BYTES);
  private @Nullable ByteBuffer frame;

  FrameReader(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * Takes all bytes that have come, and hands over the frames they complete.
   *
   * @throws IllegalStateException a frame says it has a size that none has
   */
  void read(ByteBuf bytes, Consumer<ByteBuffer> frames) {
    while (bytes.isReadable()) {
      ByteBuffer current = frame;
      if (current == null) {
        fill(size, bytes);
        if (!size.hasRemaining()) {
          frame = ByteBuffer.allocate(checked(size.flip().getInt()));
          size.clear();
        }
      } else {
        fill(current, bytes);
      }
      ByteBuffer begun = frame;
      if (begun != null && !begun.hasRemaining()) {
        frame = null;
        frames.accept(begun.flip());
      }
    }
  }

  private int checked(int sizeBytes) {
    if (sizeBytes < 0 || sizeBytes > maxFrameBytes) {
      throw new IllegalStateException(
          "a frame of %d bytes, %d at most".formatted(sizeBytes, maxFrameBytes));
    }
    return sizeBytes;
  }

  private static void fill(ByteBuffer buffer, ByteBuf bytes) {
    int count = Math.min(buffer.remaining(), bytes.readableBytes());
    ByteBuffer part = buffer.slice(buffer.position(), count);
    bytes.readBytes(part);
    buffer.position(buffer.position() + count);
  }
}
