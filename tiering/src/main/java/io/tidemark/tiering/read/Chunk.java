package io.tidemark.tiering.read;

import java.nio.ByteBuffer;

/**
 * A piece of a segment's records in memory, checked. Its counters belong to the {@link ChunkCache},
 * under its lock; the bytes are read by whoever holds a reference.
 */
final class Chunk {
  private final ChunkRequest.Key key;
  private final ByteBuffer memory;
  private final ByteBuffer bytes;

  /** Readers that hold it; it is evicted only while there are none. */
  int references;

  /** Whether anybody has read it yet. */
  boolean wasRead;

  Chunk(ChunkRequest.Key key, ByteBuffer memory, int lengthBytes) {
    this.key = key;
    this.memory = memory;
    this.bytes = memory.duplicate().position(0).limit(lengthBytes).slice().asReadOnlyBuffer();
  }

  ChunkRequest.Key key() {
    return key;
  }

  /** The whole buffer, to be used anew when this chunk is gone. */
  ByteBuffer memory() {
    return memory;
  }

  /** The chunk's bytes from position 0; shared, so read by absolute positions or sliced. */
  ByteBuffer bytes() {
    return bytes;
  }
}
