package io.tidemark.gateway.node;

import io.tidemark.tiering.manifest.ManifestPointer;
import org.jspecify.annotations.Nullable;

/**
 * The same pointer in the cold tier's and in the quorum's type: the two modules do not know each
 * other.
 */
final class ManifestPointers {
  private ManifestPointers() {}

  static io.tidemark.metadata.image.ManifestPointer toImage(ManifestPointer pointer) {
    return new io.tidemark.metadata.image.ManifestPointer(
        pointer.version(),
        pointer.uuid(),
        pointer.tieredOffset(),
        pointer.sizeBytes(),
        pointer.crc32c());
  }

  static @Nullable ManifestPointer toTier(
      io.tidemark.metadata.image.@Nullable ManifestPointer pointer) {
    return pointer == null
        ? null
        : new ManifestPointer(
            pointer.version(),
            pointer.uuid(),
            pointer.tieredOffset(),
            pointer.sizeBytes(),
            pointer.crc32c());
  }
}
