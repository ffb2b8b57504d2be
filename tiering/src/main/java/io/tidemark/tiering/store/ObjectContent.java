package io.tidemark.tiering.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of an object to be stored: of known size, readable at any position, as often as needed
 * and from several threads at once, always with the same result. Owned by who made it; stores only
 * read it.
 */
public interface ObjectContent {
  /** Wraps the remaining bytes of {@code bytes}, which must not change any more. */
  static ObjectContent of(ByteBuffer bytes) {
    return new BufferContent(bytes.asReadOnlyBuffer().slice());
  }

  long sizeBytes();

  /** Fills {@code dst} completely from {@code position} on; the range lies inside the content. */
  void read(ByteBuffer dst, long position) throws IOException;
}
