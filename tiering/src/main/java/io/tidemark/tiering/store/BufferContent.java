package io.tidemark.tiering.store;

import java.nio.ByteBuffer;

/** Content that lies in one buffer. */
record BufferContent(ByteBuffer bytes) implements ObjectContent {
  @Override
  public long sizeBytes() {
    return bytes.limit();
  }

  @Override
  public void read(ByteBuffer dst, long position) {
    dst.put(bytes.slice(Math.toIntExact(position), dst.remaining()));
  }
}
