package io.tidemark.tiering.read;

import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.ManifestCommits;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.jspecify.annotations.Nullable;

/**
 * The manifest to answer from: any that is held will do while it covers the offset; one whose
 * objects turn out to be gone is replaced by the current one, asked of the quorum. Stateless.
 */
record RemoteManifests(ManifestCache cache, ManifestCommits commits) {
  /**
   * A held manifest that covers the offset; null when one has to be read. Never blocks.
   *
   * @throws OffsetOutOfRangeException no manifest covers it
   */
  @Nullable Manifest covering(TopicIdPartition partition, ManifestPointer known, long offset) {
    Optional<Manifest> held = cache.newest(partition);
    long tieredOffset = known.tieredOffset();
    if (held.isPresent()) {
      Manifest manifest = held.get();
      // Starts never go back, so an older manifest is right about what is gone.
      if (offset < manifest.firstOffset()) {
        throw outOfRange(partition, offset, manifest);
      }
      if (offset < manifest.tieredOffset()) {
        return manifest;
      }
      if (manifest.version() >= known.version()) {
        throw outOfRange(partition, offset, manifest);
      }
    }
    if (offset >= tieredOffset) {
      throw new OffsetOutOfRangeException(
          "Offset %d of %s is not below the tiered offset %d"
              .formatted(offset, partition.topicPartition(), tieredOffset));
    }
    return null;
  }

  private static OffsetOutOfRangeException outOfRange(
      TopicIdPartition partition, long offset, Manifest manifest) {
    return new OffsetOutOfRangeException(
        "Offset %d of %s is not in the store, which has [%d, %d)"
            .formatted(
                offset,
                partition.topicPartition(),
                manifest.firstOffset(),
                manifest.tieredOffset()));
  }

  /** The manifest of the pointer, or the current one when that is gone. Blocks. */
  Manifest read(TopicIdPartition partition, ManifestPointer known) throws ObjectStoreException {
    Optional<Manifest> held = cache.newest(partition);
    if (held.isPresent() && held.get().version() >= known.version()) {
      return held.get();
    }
    try {
      return cache.get(partition, known);
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      return reload(partition, known.version(), e);
    }
  }

  /** The current manifest, if it is newer than the one that led nowhere. Blocks. */
  Manifest reload(TopicIdPartition partition, long version, ObjectStoreException cause)
      throws ObjectStoreException {
    ManifestPointer current = commits.current(partition).join();
    if (current == null || current.version() <= version) {
      throw cause;
    }
    return cache.get(partition, current);
  }
}
