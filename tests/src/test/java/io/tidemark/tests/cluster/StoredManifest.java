package io.tidemark.tests.cluster;

import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * A partition's manifest as anybody can read it from the quorum and the store alone.
 *
 * @param segments of its leaves too, in order
 * @param keys of all that it needs, itself included
 */
record StoredManifest(Manifest manifest, List<RemoteSegment> segments, List<String> keys) {

  /** Reads what the quorum points to; that it can be is what the store promises. */
  static StoredManifest of(
      SimulatedCluster cluster,
      Uuid topicId,
      int index,
      io.tidemark.metadata.image.ManifestPointer pointer) {
    try {
      return read(cluster, topicId, index, pointer);
    } catch (ObjectStoreException e) {
      throw new AssertionError(
          "%s of partition %d of %s cannot be read".formatted(pointer, index, topicId), e);
    }
  }

  private static StoredManifest read(
      SimulatedCluster cluster,
      Uuid topicId,
      int index,
      io.tidemark.metadata.image.ManifestPointer pointer)
      throws ObjectStoreException {
    ObjectKeys names = new ObjectKeys(cluster.committed().clusterId());
    ManifestObjects objects = new ManifestObjects(cluster.objects(), names);
    Manifest manifest =
        objects.read(
            topicId,
            index,
            new ManifestPointer(
                pointer.version(),
                pointer.uuid(),
                pointer.tieredOffset(),
                pointer.sizeBytes(),
                pointer.crc32c()));
    List<RemoteSegment> segments = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    keys.add(names.manifest(topicId, index, pointer.version(), pointer.uuid()));
    for (LeafReference leaf : manifest.leaves()) {
      keys.add(names.leaf(topicId, index, leaf.baseOffset(), leaf.uuid()));
      List<RemoteSegment> inside = objects.readLeaf(topicId, index, leaf).segments();
      segments.addAll(inside.subList(leaf.dropped(), inside.size()));
    }
    segments.addAll(manifest.segments());
    segments.forEach(segment -> keys.add(segment.key(names, topicId, index)));
    return new StoredManifest(manifest, List.copyOf(segments), List.copyOf(keys));
  }
}
