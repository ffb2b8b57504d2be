package io.tidemark.tiering.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.ManualTime;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.store.FaultyObjectStore;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

final class ManifestObjectsTest {
  private final SimulatedObjectStore store = new SimulatedObjectStore();
  private final FaultyObjectStore faulty =
      new FaultyObjectStore(store, new Random(1), new ManualTime(0));
  private final ObjectKeys keys = new ObjectKeys("cluster");
  private final ManifestObjects objects = new ManifestObjects(faulty, keys);
  private final ManifestCache cache =
      new ManifestCache(objects, 1 << 20, Runnable::run, new SimpleMeterRegistry());
  private final TopicIdPartition partition = new TopicIdPartition(new Uuid(11, 22), 4, "orders");

  @Test
  void whatWasWrittenIsReadByItsPointer() throws Exception {
    WrittenManifest written =
        objects.write(ManifestDraftTest.withSegments(600), null, 3, new Uuid(8, 8));
    assertThat(store.keys()).hasSize(2);
    Manifest read = objects.read(partition.topicId(), 4, written.pointer());
    assertThat(read).isEqualTo(written.manifest());
    assertThat(objects.readLeaf(partition.topicId(), 4, read.leaves().getFirst()).segments())
        .hasSize(512);
  }

  @Test
  void bitsThatFlipOnTheWayAreReadAgain() throws Exception {
    WrittenManifest written =
        objects.write(ManifestDraftTest.withSegments(5), null, 3, new Uuid(8, 8));
    faulty.failNext(Fault.FLIPPED);
    assertThat(objects.read(partition.topicId(), 4, written.pointer()))
        .isEqualTo(written.manifest());
    faulty.failNext(Fault.FLIPPED, Fault.FLIPPED);
    assertThatThrownBy(() -> objects.read(partition.topicId(), 4, written.pointer()))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
  }

  @Test
  @Scenario("S-126")
  void anotherManifestUnderThePointersKeyIsRefused() throws Exception {
    WrittenManifest one = objects.write(ManifestDraftTest.withSegments(5), null, 3, new Uuid(8, 8));
    WrittenManifest two = objects.write(ManifestDraftTest.withSegments(6), null, 3, new Uuid(9, 9));
    store.replace(
        keys.manifest(partition.topicId(), 4, 1, new Uuid(8, 8)),
        store.bytes(keys.manifest(partition.topicId(), 4, 1, new Uuid(9, 9))));
    ManifestPointer forged =
        new ManifestPointer(
            1, new Uuid(8, 8), 50, two.pointer().sizeBytes(), two.pointer().crc32c());
    for (ManifestPointer pointer : List.of(one.pointer(), forged)) {
      assertThatThrownBy(() -> objects.read(partition.topicId(), 4, pointer))
          .isInstanceOfSatisfying(
              ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
    }
  }

  @Test
  void aCachedManifestIsNotReadAgain() throws Exception {
    WrittenManifest written =
        objects.write(ManifestDraftTest.withSegments(600), null, 3, new Uuid(8, 8));
    int before = faulty.calls();
    for (int i = 0; i < 3; i++) {
      Manifest manifest = cache.get(partition, written.pointer());
      assertThat(cache.leaf(partition, manifest.leaves().getFirst()).segments()).hasSize(512);
    }
    assertThat(faulty.calls()).isEqualTo(before + 2);
  }

  @Test
  void anOlderManifestDoesNotDisplaceANewerOne() throws Exception {
    WrittenManifest one = objects.write(ManifestDraftTest.withSegments(5), null, 3, new Uuid(8, 8));
    WrittenManifest two =
        objects.write(ManifestDraft.from(keys, one.manifest()), one.pointer(), 3, new Uuid(9, 9));
    cache.put(partition, two);
    cache.put(partition, one);
    assertThat(cache.newest(partition)).contains(two.manifest());
    assertThat(cache.get(partition, one.pointer())).isEqualTo(one.manifest());
    assertThat(cache.newest(partition)).contains(two.manifest());
    cache.invalidate(partition, 2);
    assertThat(cache.newest(partition)).isEmpty();
  }
}
