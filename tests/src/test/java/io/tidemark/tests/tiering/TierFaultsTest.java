package io.tidemark.tests.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.LogConfig;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.TopicTier;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.ModelManifestCommits.Fate;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.TopicIdPartition;
import org.junit.jupiter.api.Test;

/** A store, a quorum or a disk that is wrong for long: hours and days of simulated time. */
class TierFaultsTest {
  private static final long HOUR_MS = 3_600_000;

  private final TierWorld world = new TierWorld(23);
  private final TopicIdPartition id = world.create("orders", TierWorld.TIERED);
  private int values;

  private void append(int batches) {
    for (int i = 0; i < batches; i++) {
      world
          .node()
          .append(
              id,
              List.of("value " + values++ + " " + "x".repeat(150)),
              world.time().milliseconds());
    }
  }

  private ReplicaView view() {
    return world.node().replica(id).view();
  }

  private TopicTier status() {
    return world.node().tiering().status().getFirst();
  }

  private void assertAllTieredAndQuiet(long end) {
    world.heal();
    world.runFor(180_000);
    assertThat(view().logEndOffset()).isEqualTo(end);
    assertThat(view().tieredOffset()).isEqualTo(end);
    assertThat(view().localLogStartOffset()).isEqualTo(end);
    assertThat(status().failingPartitions()).isZero();
    world.checkQuiet();
  }

  @Test
  @Scenario("S-102")
  void nothingHotGoesUntilItsCommitIsDurable() {
    world.quorum().faults(() -> Fate.REQUEST_LOST);
    append(40);
    world.runFor(HOUR_MS);
    assertThat(view().localLogStartOffset()).isZero();
    world.killAndRestart();
    world.runFor(60_000);
    assertThat(view().localLogStartOffset()).isZero();
    world.check();
    assertAllTieredAndQuiet(40);
  }

  @Test
  @Scenario({"S-104", "S-130"})
  void aDayOfOutageIsCaughtUpWith() {
    world.storeOfNode().away(true);
    for (int hour = 0; hour < 24; hour++) {
      append(5);
      world.runFor(HOUR_MS);
    }
    assertThat(status().oldestWaitingMs()).isGreaterThan(23 * HOUR_MS - HOUR_MS);
    assertThat(view().localLogStartOffset()).isZero();
    assertAllTieredAndQuiet(120);
  }

  @Test
  @Scenario("S-109")
  void expiredCredentialsPauseUploadsAndNothingElse() {
    append(20);
    world.runFor(30_000);
    world.storeOfNode().denies(true);
    append(20);
    world.runFor(HOUR_MS);
    assertThat(view().logEndOffset()).isEqualTo(40);
    assertThat(view().tieredOffset()).isEqualTo(20);
    assertThat(status().failingPartitions()).isOne();
    world.killAndRestart();
    append(5);
    world.runFor(60_000);
    assertThat(view().logEndOffset()).isEqualTo(45);
    assertAllTieredAndQuiet(45);
  }

  @Test
  @Scenario("S-110")
  void aDiskThatFillsUpWhileTheStoreIsAwayRefusesRatherThanDrops() {
    LogConfig little =
        TierWorld.TIERED.toBuilder().localRetentionMs(0).localRetentionBytes(0).build();
    world.configure("orders", little);
    world.storeOfNode().away(true);
    append(30);
    world.runFor(10_000);
    world.disk().full();
    append(10);
    world.runFor(HOUR_MS);
    assertThat(view().logEndOffset()).isEqualTo(30);
    assertThat(view().localLogStartOffset()).isZero();
    world.check();
    world.storeOfNode().heal();
    world.runFor(120_000);
    assertThat(view().localLogStartOffset()).isPositive();
    append(5);
    world.runFor(10_000);
    assertThat(view().logEndOffset()).isEqualTo(35);
    assertAllTieredAndQuiet(35);
  }

  @Test
  @Scenario("S-113")
  void whatCannotBeDeletedIsDeletedLater() {
    append(60);
    world.runFor(60_000);
    int objects = world.simulatedStore().keys().size();
    world.storeOfNode().refusesDeletes(true);
    world.node().deleteRecords(id, 50);
    world.runFor(6 * HOUR_MS);
    assertThat(view().logStartOffset()).isEqualTo(50);
    assertThat(world.simulatedStore().keys().size()).isBetween(objects, objects + 30);
    world.check();
    world.killAndRestart();
    world.runFor(60_000);
    assertAllTieredAndQuiet(60);
    assertThat(world.simulatedStore().keys().size()).isLessThan(objects);
  }

  @Test
  @Scenario("S-108")
  void listingsThatAreHoursOldNeverTakeWhatIsNeeded() {
    append(30);
    world.runFor(30_000);
    SimulatedObjectStore old = copy(world.simulatedStore());
    world.storeOfNode().lists(old);
    for (int round = 0; round < 10; round++) {
      append(10);
      world.runFor(120_000);
      world.rival(id);
      world.node().deleteRecords(id, 5L * round);
      world.check();
    }
    world.storeOfNode().lists(new SimulatedObjectStore());
    append(10);
    world.runFor(HOUR_MS);
    world.check();
    assertAllTieredAndQuiet(140);
  }

  private static SimulatedObjectStore copy(SimulatedObjectStore store) {
    SimulatedObjectStore copy = new SimulatedObjectStore();
    try {
      for (String key : store.keys()) {
        copy.replace(key, store.bytes(key));
      }
    } catch (ObjectStoreException e) {
      throw new AssertionError("the store itself never fails", e);
    }
    return copy;
  }

  @Test
  @Scenario("S-126")
  void withoutItsManifestNothingMoreGoesUntilItIsRestored() throws ObjectStoreException {
    world.configure("orders", TierWorld.TIERED.toBuilder().localRetentionMs(-1).build());
    append(30);
    world.runFor(30_000);
    assertThat(view().tieredOffset()).isEqualTo(30);
    ManifestPointer pointer = Objects.requireNonNull(world.quorum().pointer(id));
    String key = TierWorld.KEYS.manifest(id.topicId(), 0, pointer.version(), pointer.uuid());
    byte[] bytes = world.simulatedStore().bytes(key);

    for (boolean isLost : List.of(true, false)) {
      if (isLost) {
        world.store().delete(List.of(key));
      } else {
        byte[] rotten = bytes.clone();
        rotten[rotten.length / 2] ^= 1;
        world.simulatedStore().replace(key, rotten);
      }
      List<String> before = world.simulatedStore().keys();
      world.killAndRestart();
      append(10);
      world.runFor(HOUR_MS);
      assertThat(view().localLogStartOffset()).isZero();
      assertThat(status().failingPartitions()).isOne();
      assertThat(world.simulatedStore().keys()).containsAll(before);
      assertThat(world.quorum().pointer(id)).isEqualTo(pointer);
      world.simulatedStore().replace(key, bytes);
    }
    world.configure("orders", TierWorld.TIERED);
    assertAllTieredAndQuiet(50);
  }

  @Test
  @Scenario("S-95")
  void aDiskThatIsAnHourOldTakesNothingBack() {
    append(20);
    world.runFor(1_000);
    SimulatedDisk backup = world.disk().copy();
    append(40);
    world.runFor(HOUR_MS);
    assertThat(view().tieredOffset()).isEqualTo(60);

    world.comeBackWith(backup);

    world.simulation().runUntil("a leader", 60_000, () -> world.node().leads(id));
    assertThat(view().logEndOffset()).isGreaterThanOrEqualTo(60);
    world.check();
    append(10);
    assertAllTieredAndQuiet(70);
  }

  @Test
  @Scenario("S-95")
  void aDiskThatIsOlderThanWhatWasOnlyOnItContinuesInANewEpoch() {
    world.configure("orders", TierWorld.TIERED.toBuilder().remoteCopyDisable(true).build());
    append(20);
    world.runFor(1_000);
    SimulatedDisk backup = world.disk().copy();
    append(10);
    world.runFor(1_000);
    int epoch = view().leaderEpoch();

    world.comeBackWith(backup);

    world.simulation().runUntil("a leader", 60_000, () -> world.node().leads(id));
    assertThat(view().logEndOffset()).isEqualTo(20);
    append(5);
    world.runFor(1_000);
    assertThat(world.node().replica(id).lineage().epochOf(20)).hasValue(view().leaderEpoch());
    assertThat(view().leaderEpoch()).isGreaterThan(epoch);
    assertThat(world.node().replica(id).endOffsetForEpoch(-1, epoch).endOffset()).isEqualTo(20);
    world.check();
  }
}
