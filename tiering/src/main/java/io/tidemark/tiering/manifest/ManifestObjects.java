package io.tidemark.tiering.manifest;

import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Manifests and leaves as objects of a store. Every read is checked against the size and CRC32C of
 * the pointer or reference that led to it. Blocks on the store; any thread that may.
 */
public final class ManifestObjects {
  private final ObjectStore store;
  private final ObjectKeys keys;

  public ManifestObjects(ObjectStore store, ObjectKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  public ObjectKeys keys() {
    return keys;
  }

  /**
   * Stores the draft's sealed leaves and then the draft as the version after {@code parent}, and
   * returns the pointer to commit. Nothing is current before that. A draft is written under a fresh
   * {@code uuid} each time.
   */
  public WrittenManifest write(
      ManifestDraft draft, @Nullable ManifestPointer parent, int leaderEpoch, Uuid uuid)
      throws ObjectStoreException {
    throw new UnsupportedOperationException();
  }

  /** The manifest that {@code pointer} names. */
  public Manifest read(Uuid topicId, int partition, ManifestPointer pointer)
      throws ObjectStoreException {
    throw new UnsupportedOperationException();
  }

  /** The leaf that {@code reference} names. */
  public ManifestLeaf readLeaf(Uuid topicId, int partition, LeafReference reference)
      throws ObjectStoreException {
    throw new UnsupportedOperationException();
  }
}
