package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the quorum calls current can be read from the store by anybody: the manifest, and every
 * object it lists, whole, one behind the other without a hole. (I9)
 */
record ManifestEntriesExist(SimulatedCluster cluster) implements Theorem {
  @Override
  public void check() {
    for (TopicImage topic : cluster.image().topics().all()) {
      for (int index = 0; index < topic.partitionCount(); index++) {
        PartitionImage partition = topic.partition(index).orElseThrow();
        if (partition.manifest() != null) {
          check(topic, index, partition.manifest());
        }
      }
    }
  }

  private void check(
      TopicImage topic, int index, io.tidemark.metadata.image.ManifestPointer current) {
    ObjectKeys keys = new ObjectKeys(cluster.image().clusterId());
    ManifestObjects objects = new ManifestObjects(cluster.objects(), keys);
    try {
      Manifest manifest =
          objects.read(
              topic.id(),
              index,
              new ManifestPointer(
                  current.version(),
                  current.uuid(),
                  current.tieredOffset(),
                  current.sizeBytes(),
                  current.crc32c()));
      long expected = manifest.firstOffset();
      for (RemoteSegment segment : segments(objects, topic, index, manifest)) {
        assertThat(segment.baseOffset()).as("of %s-%d", topic.name(), index).isEqualTo(expected);
        expected = segment.nextOffset();
        assertThat(cluster.objects().head(segment.key(keys, topic.id(), index)))
            .as("%s of %s-%d", segment, topic.name(), index)
            .hasValueSatisfying(
                info -> assertThat(info.sizeBytes()).isEqualTo(segment.objectBytes()));
      }
      assertThat(expected).isEqualTo(current.tieredOffset());
    } catch (ObjectStoreException e) {
      throw new AssertionError("%s-%d cannot be read".formatted(topic.name(), index), e);
    }
  }

  private static List<RemoteSegment> segments(
      ManifestObjects objects, TopicImage topic, int index, Manifest manifest)
      throws ObjectStoreException {
    List<RemoteSegment> all = new ArrayList<>();
    for (LeafReference leaf : manifest.leaves()) {
      List<RemoteSegment> inside = objects.readLeaf(topic.id(), index, leaf).segments();
      all.addAll(inside.subList(leaf.dropped(), inside.size()));
    }
    all.addAll(manifest.segments());
    return all;
  }
}
