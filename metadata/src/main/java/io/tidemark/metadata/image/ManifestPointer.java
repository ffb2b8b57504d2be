package io.tidemark.metadata.image;

import org.apache.kafka.common.Uuid;

/**
 * Which manifest of a tiered partition is current: its version and uuid (together its key in the
 * store), the tiered offset (everything below it is in the store), and the size and CRC32C of the
 * manifest object.
 */
public record ManifestPointer(
    long version, Uuid uuid, long tieredOffset, int sizeBytes, int crc32c) {

  /** The parent version of a partition's first manifest. */
  public static final long NO_VERSION = 0;

  public ManifestPointer {
    if (version <= NO_VERSION || tieredOffset < 0 || sizeBytes < 0) {
      throw new IllegalArgumentException(
          "No manifest has version %d, tiered offset %d, size %d"
              .formatted(version, tieredOffset, sizeBytes));
    }
  }
}
