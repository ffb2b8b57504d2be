package io.tidemark.metadata.link;

import io.tidemark.metadata.event.SnapshotCodec;
import io.tidemark.metadata.image.ClusterImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The newest snapshot that was offered to a node, as bytes to be fetched in pieces. One is kept:
 * another version replaces it, and who was still fetching the older one starts again. One thread.
 */
final class SnapshotPieces {
  static final int PIECE_BYTES = 1 << 20;

  private long version = ClusterImage.NO_VERSION;
  private byte[] bytes = {};

  /** Offers an image and says how many bytes it has. */
  int offer(ClusterImage image) {
    if (image.version() != version || bytes.length == 0) {
      bytes = encoded(image);
      version = image.version();
    }
    return bytes.length;
  }

  private static byte[] encoded(ClusterImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      SnapshotCodec.write(image, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Bytes from a position on; none when another version is kept, or the position is outside. */
  ByteBuffer read(long wanted, long position) {
    if (wanted != version || position < 0 || position >= bytes.length) {
      return ByteBuffer.allocate(0);
    }
    int from = (int) position;
    return ByteBuffer.wrap(bytes, from, Math.min(PIECE_BYTES, bytes.length - from)).slice();
  }
}
