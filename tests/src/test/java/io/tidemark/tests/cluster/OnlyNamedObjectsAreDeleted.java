package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.tiering.manifest.PendingDelete;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/**
 * No node asks for an object to be deleted unless a committed manifest has named it for that, or
 * its topic is deleted; and never for one that the current manifest needs. (I9)
 */
final class OnlyNamedObjectsAreDeleted implements Theorem {
  private final SimulatedCluster cluster;
  private final Set<String> named = new HashSet<>();
  private final List<String> violations = new ArrayList<>();

  /** Begins with a cluster that has not started. */
  OnlyNamedObjectsAreDeleted(SimulatedCluster cluster) {
    this.cluster = cluster;
    cluster.raft().observe((index, batch) -> committed(batch));
    cluster.watchDeletions(this::deleting);
  }

  @Override
  public void check() {
    assertThat(violations).as("deletions").isEmpty();
  }

  private void committed(EventCodec.Batch batch) {
    for (Event event : batch.events()) {
      if (event instanceof Event.ManifestCommitted(Uuid id, int index, _, _, var manifest)
          && current(id, index).filter(manifest::equals).isPresent()) {
        StoredManifest stored = StoredManifest.of(cluster, id, index, manifest);
        stored.manifest().pendingDeletes().stream().map(PendingDelete::key).forEach(named::add);
      }
    }
  }

  private Optional<ManifestPointer> current(Uuid topicId, int index) {
    return cluster.committed().topics().partition(topicId, index).map(PartitionImage::manifest);
  }

  private void deleting(String host, List<String> keys) {
    for (String key : keys) {
      Owner owner = Owner.of(key);
      if (cluster.committed().topics().byId(owner.topicId()).isEmpty()) {
        continue;
      }
      if (!named.contains(key)) {
        violations.add(host + " deletes " + key + ", which nothing has named");
      }
      Optional<ManifestPointer> manifest = current(owner.topicId(), owner.index());
      if (manifest.isPresent()
          && StoredManifest.of(cluster, owner.topicId(), owner.index(), manifest.get())
              .keys()
              .contains(key)) {
        violations.add(host + " deletes " + key + ", which is needed");
      }
    }
  }

  /** Whose an object is; a topic's own have the index −1. */
  private record Owner(Uuid topicId, int index) {
    static Owner of(String key) {
      String[] parts = key.split("/", -1);
      return parts[1].equals("topics")
          ? new Owner(Uuid.fromString(parts[2]), -1)
          : new Owner(Uuid.fromString(parts[3]), Integer.parseInt(parts[4]));
    }
  }
}
