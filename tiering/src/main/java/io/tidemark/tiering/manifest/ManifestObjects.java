package io.tidemark.tiering.manifest;

import io.tidemark.tiering.store.Crc32c;
import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Manifests and leaves as objects of a store. Every read is checked against the size and CRC32C of
 * the pointer or reference that led to it. Blocks on the store; any thread that may.
 */
public final class ManifestObjects {
  /** Larger ones are not ours: a root is at most 64 KiB, a leaf about half of that. */
  static final int MAX_BYTES = 1024 * 1024;

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final ManifestCodec codec;

  public ManifestObjects(ObjectStore store, ObjectKeys keys) {
    this.store = store;
    this.keys = keys;
    this.codec = new ManifestCodec(keys);
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
    Manifest manifest = draft.committedAs(parent, leaderEpoch, uuid);
    Uuid topicId = manifest.topicId();
    int partition = manifest.partition();
    for (ManifestLeaf leaf : draft.sealed()) {
      ByteBuffer bytes = ByteBuffer.wrap(codec.encodeLeaf(topicId, partition, leaf));
      store.put(
          keys.leaf(topicId, partition, leaf.baseOffset(), leaf.uuid()), ObjectContent.of(bytes));
    }
    ByteBuffer bytes = ByteBuffer.wrap(codec.encode(manifest));
    store.put(keys.manifest(topicId, partition, manifest.version(), uuid), ObjectContent.of(bytes));
    return new WrittenManifest(
        manifest,
        new ManifestPointer(
            manifest.version(),
            uuid,
            manifest.tieredOffset(),
            bytes.remaining(),
            Crc32c.of(bytes)));
  }

  /** The manifest that {@code pointer} names. */
  public Manifest read(Uuid topicId, int partition, ManifestPointer pointer)
      throws ObjectStoreException {
    String key = keys.manifest(topicId, partition, pointer.version(), pointer.uuid());
    ByteBuffer bytes = read(key, pointer.sizeBytes(), pointer.crc32c());
    Manifest manifest = codec.decode(topicId, partition, bytes);
    Corruption.unless(
        manifest.version() == pointer.version() && manifest.uuid().equals(pointer.uuid()),
        "manifest version",
        manifest.version());
    return manifest;
  }

  /** The leaf that {@code reference} names. */
  public ManifestLeaf readLeaf(Uuid topicId, int partition, LeafReference reference)
      throws ObjectStoreException {
    String key = keys.leaf(topicId, partition, reference.baseOffset(), reference.uuid());
    ByteBuffer bytes = read(key, reference.sizeBytes(), reference.crc32c());
    ManifestLeaf leaf = codec.decodeLeaf(topicId, partition, bytes);
    Corruption.unless(
        leaf.uuid().equals(reference.uuid()) && leaf.segments().size() == reference.count(),
        "leaf at",
        reference.baseOffset());
    return leaf;
  }

  private ByteBuffer read(String key, int sizeBytes, int crc32c) throws ObjectStoreException {
    if (sizeBytes <= 0 || sizeBytes > MAX_BYTES) {
      throw new ObjectStoreException(Kind.CORRUPT, key + " is said to have " + sizeBytes);
    }
    ByteBuffer bytes = ByteBuffer.allocate(sizeBytes);
    store.read(key, 0, bytes);
    if (Crc32c.of(bytes.flip()) == crc32c) {
      return bytes;
    }
    // Once more: bits may have flipped on the way.
    store.read(key, 0, bytes.clear());
    if (Crc32c.of(bytes.flip()) != crc32c) {
      throw new ObjectStoreException(Kind.CORRUPT, "CRC32C of " + key + " does not match");
    }
    return bytes;
  }
}
