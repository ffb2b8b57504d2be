package io.tidemark.tiering.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestDraft;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.manifest.WrittenManifest;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class OrphanSweepTest {
  private final TopicIdPartition id = new TopicIdPartition(new Uuid(1, 2), 0, "t");
  private final ObjectKeys keys = new ObjectKeys("cluster");
  private final SimulatedObjectStore store = new SimulatedObjectStore();
  private final ManifestObjects objects = new ManifestObjects(store, keys);
  private final OrphanSweep sweep =
      new OrphanSweep(
          store, keys, (of, leaf) -> objects.readLeaf(of.topicId(), of.partition(), leaf));

  private void put(String key) {
    store.replace(key, new byte[] {1});
  }

  /** A manifest of so many segments, all of them in the store. */
  private Manifest manifest(int segments) throws Exception {
    ManifestDraft draft = ManifestDraft.from(keys, Manifest.empty(id.topicId(), 0));
    for (int i = 0; i < segments; i++) {
      RemoteSegment segment =
          new RemoteSegment(i * 10L, i * 10L + 10, 3, new Uuid(7, i), 100, 150, 0, -1, false, 0);
      put(segment.key(keys, id.topicId(), 0));
      draft = draft.add(segment, List.of(new EpochEntry(3, 0)), new Uuid(8, i));
    }
    WrittenManifest written = objects.write(draft, null, 3, new Uuid(9, 9));
    return written.manifest();
  }

  @Test
  void whatAManifestAndItsLeavesNameIsNoOrphan() throws Exception {
    assertThat(sweep.find(id, manifest(1_100), 100)).isEmpty();
  }

  @Test
  @Scenario({"S-97", "S-100"})
  void whatNothingNamesIsAnOrphan() throws Exception {
    Manifest manifest = manifest(5);
    String segment =
        keys.segment(id.topicId(), 0, new ObjectKeys.SegmentName(50, 3, new Uuid(6, 6)));
    String old = keys.manifest(id.topicId(), 0, 1, new Uuid(5, 5));
    put(segment);
    put(old);
    put(keys.segment(id.topicId(), 1, new ObjectKeys.SegmentName(50, 3, new Uuid(6, 6))));
    assertThat(sweep.find(id, manifest, 100)).containsExactly(segment, old);
    assertThat(sweep.find(id, manifest, 1)).containsExactly(segment);
  }

  @Test
  void whatIsMarkedAlreadyIsNotFoundAgain() throws Exception {
    Manifest manifest = manifest(5);
    String stray = keys.segmentsPrefix(id.topicId(), 0) + "stray";
    put(stray);
    Manifest marked = ManifestDraft.from(keys, manifest).markPending(List.of(stray), 0).manifest();
    assertThat(sweep.find(id, manifest, 100)).containsExactly(stray);
    assertThat(sweep.find(id, marked, 100)).isEmpty();
  }
}
