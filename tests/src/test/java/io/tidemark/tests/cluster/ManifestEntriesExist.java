package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectKeys;

/**
 * What the quorum calls current can be read from the store by anybody: the manifest, and every
 * object it lists, whole, one behind the other without a hole. (I9)
 */
record ManifestEntriesExist(SimulatedCluster cluster) implements Theorem {
  @Override
  public void check() {
    for (TopicImage topic : cluster.committed().topics().all()) {
      for (int index = 0; index < topic.partitionCount(); index++) {
        PartitionImage partition = topic.partition(index).orElseThrow();
        if (partition.manifest() != null) {
          check(topic, index, partition.manifest());
        }
      }
    }
  }

  private void check(TopicImage topic, int index, ManifestPointer current) {
    ObjectKeys keys = new ObjectKeys(cluster.committed().clusterId());
    StoredManifest stored = StoredManifest.of(cluster, topic.id(), index, current);
    long expected = stored.manifest().firstOffset();
    for (RemoteSegment segment : stored.segments()) {
      assertThat(segment.baseOffset()).as("of %s-%d", topic.name(), index).isEqualTo(expected);
      expected = segment.nextOffset();
      assertThat(sizeBytes(segment.key(keys, topic.id(), index)))
          .as("%s of %s-%d", segment, topic.name(), index)
          .isEqualTo(segment.objectBytes());
    }
    assertThat(expected).isEqualTo(current.tieredOffset());
  }

  /** −1 where there is no such object. */
  private long sizeBytes(String key) {
    return cluster.objects().head(key).map(ObjectInfo::sizeBytes).orElse(-1L);
  }
}
