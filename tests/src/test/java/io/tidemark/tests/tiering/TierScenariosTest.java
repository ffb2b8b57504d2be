package io.tidemark.tests.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.TopicTier;
import io.tidemark.tiering.manifest.ModelManifestCommits.Fate;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.topic.TopicObject;
import io.tidemark.tiering.topic.TopicObjectCodec;
import io.tidemark.tiering.verify.VerifyReport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.junit.jupiter.api.Test;

/** Single scenes of the life of tiered data. */
class TierScenariosTest {
  private static final long DAY_MS = 86_400_000;

  private final TierWorld world = new TierWorld(11);
  private final TopicIdPartition id = world.create("orders", TierWorld.TIERED);
  private int values;

  /** So many batches of one large value each; about seven fill a segment. */
  private void append(int batches) {
    append(batches, world.time().milliseconds());
  }

  private void append(int batches, long timestampMs) {
    for (int i = 0; i < batches; i++) {
      world.node().append(id, List.of("value " + values++ + " " + "x".repeat(150)), timestampMs);
    }
  }

  private ReplicaView view() {
    return world.node().replica(id).view();
  }

  private TopicTier status() {
    return world.node().tiering().status().getFirst();
  }

  private long coldSegments() {
    return ColdLog.of(world, id).segments().size();
  }

  @Test
  void theLastSegmentClosesByAgeSoThatEarliestLocalBecomesTheLogEnd() {
    append(20);
    world.runFor(30_000);
    assertThat(view().localLogStartOffset()).isEqualTo(view().logEndOffset()).isEqualTo(20);
    assertThat(view().logStartOffset()).isZero();
    assertThat(view().tieredOffset()).isEqualTo(20);
    assertThat(status().coldSegments()).isEqualTo((int) coldSegments());
    world.checkQuiet();
  }

  @Test
  @Scenario("S-100")
  void aCrashBetweenPutAndCommitLeavesAnOrphanThatIsCollected() {
    world.quorum().faults(() -> Fate.REQUEST_LOST);
    append(20);
    world.runFor(300);
    world.quorum().faults(() -> Fate.ANSWERED);
    world.runFor(200);
    world.quorum().faults(() -> Fate.REQUEST_LOST);
    world.runFor(3_000);
    world.killAndRestart();
    world.heal();
    world.runFor(60_000);
    assertThat(view().tieredOffset()).isEqualTo(20);
    world.checkQuiet();
  }

  @Test
  @Scenario("S-101")
  void aCrashBetweenCommitAndLocalDeletionMakesNoDouble() {
    world.configure("orders", TierWorld.TIERED.toBuilder().localRetentionMs(DAY_MS).build());
    append(20);
    world.simulation().runUntil("a commit", 30_000, () -> coldSegments() > 0);
    world.killAndRestart();
    world.check();
    world.runFor(30_000);
    assertThat(view().localLogStartOffset()).isZero();
    world.checkQuiet();
  }

  @Test
  @Scenario("S-87")
  void aDamagedCopyOfWhatIsInTheStoreGoesAndTheRestOfTheLogStays() {
    world.configure("orders", TierWorld.TIERED.toBuilder().localRetentionMs(DAY_MS).build());
    append(40);
    world.runFor(30_000);
    assertThat(view().localLogStartOffset()).isZero();
    List<ClosedSegment> closed = world.node().replica(id).closedSegments();
    ClosedSegment rotten = closed.get(1);
    assertThat(world.node().replica(id).damaged(rotten, "rot")).isTrue();
    world.node().tiering().wake(id);
    world.runFor(10_000);
    assertThat(view().localLogStartOffset()).isEqualTo(rotten.nextOffset());
    assertThat(view().logStartOffset()).isZero();
    world.check();
    world.checkQuiet();
  }

  @Test
  @Scenario("S-103")
  void lostAnswersOfTheStoreAndTheQuorumAreResolved() {
    world.storeOfNode().failureRate(0.2);
    int[] calls = new int[1];
    world.quorum().faults(() -> ++calls[0] % 2 == 0 ? Fate.ANSWER_LOST : Fate.ANSWERED);
    append(60);
    world.runFor(60_000);
    world.check();
    world.heal();
    world.runFor(60_000);
    assertThat(view().tieredOffset()).isEqualTo(60);
    world.checkQuiet();
  }

  @Test
  @Scenario({"S-104", "S-110", "S-130"})
  void whileTheStoreIsAwayNothingIsLostAndItShows() {
    world.storeOfNode().away(true);
    for (int round = 0; round < 4; round++) {
      append(10);
      world.runFor(600_000);
    }
    assertThat(view().logEndOffset()).isEqualTo(40);
    assertThat(view().localLogStartOffset()).isZero();
    assertThat(status().waitingBytes()).isPositive();
    assertThat(status().oldestWaitingMs()).isPositive();
    assertThat(status().failingPartitions()).isOne();
    world.heal();
    world.runFor(120_000);
    assertThat(view().localLogStartOffset()).isEqualTo(40);
    assertThat(status().waitingSegments()).isZero();
    world.checkQuiet();
  }

  @Test
  void startUpNeedsNoStore() {
    append(20);
    world.runFor(30_000);
    world.storeOfNode().away(true);
    world.killAndRestart();
    append(5);
    world.runFor(1_000);
    assertThat(view().logEndOffset()).isEqualTo(25);
    world.heal();
    world.runFor(60_000);
    world.checkQuiet();
  }

  @Test
  @Scenario({"S-115", "S-138"})
  void deleteRecordsReachesIntoTheBucketAndNeedsNoStore() {
    append(40);
    world.runFor(30_000);
    long before = coldSegments();
    world.storeOfNode().away(true);
    world.node().deleteRecords(id, 25);
    world.runFor(100);
    assertThat(view().logStartOffset()).isEqualTo(25);
    world.killAndRestart();
    assertThat(view().logStartOffset()).isEqualTo(25);
    world.heal();
    world.runFor(60_000);
    assertThat(coldSegments()).isLessThan(before);
    assertThat(ColdLog.of(world, id).manifest().firstOffset()).isLessThanOrEqualTo(25);
    world.checkQuiet();
  }

  @Test
  @Scenario("S-115")
  void deleteRecordsPastTheTierGoesOnFromThere() {
    append(20);
    world.runFor(30_000);
    world.storeOfNode().away(true);
    append(20);
    world.runFor(6_000);
    world.node().deleteRecords(id, 33);
    world.runFor(100);
    world.heal();
    append(20);
    world.runFor(60_000);
    assertThat(ColdLog.of(world, id).manifest().firstOffset()).isBetween(20L, 33L);
    assertThat(view().tieredOffset()).isEqualTo(60);
    world.checkQuiet();
  }

  @Test
  @Scenario("S-118")
  void aTopicDeletedInTheMiddleOfAnUploadLeavesNothing() {
    world
        .node()
        .tiering()
        .topicChanged(new TopicObject(id.topicId(), "orders", 1, 7, Map.of("a", "b")));
    append(30);
    world.simulation().runUntil("a commit", 30_000, () -> coldSegments() > 0);
    world.delete(id);
    world.runFor(60_000);
    world.checkQuiet();
  }

  @Test
  void aTopicDescribesItselfInTheStore() throws ObjectStoreException {
    TopicObject topic = new TopicObject(id.topicId(), "orders", 1, 7, Map.of("a", "b"));
    world.storeOfNode().away(true);
    world.node().tiering().topicChanged(topic);
    world.runFor(20_000);
    world.heal();
    world.runFor(20_000);
    String key = TierWorld.KEYS.topic(id.topicId(), 7);
    ByteBuffer bytes = ByteBuffer.allocate((int) world.store().head(key).orElseThrow().sizeBytes());
    world.store().read(key, 0, bytes);
    assertThat(TopicObjectCodec.decode(bytes.flip())).isEqualTo(topic);
  }

  @Test
  @Scenario("S-119")
  void tieringSwitchedOffAndOnAgainKeepsWhatIsHot() {
    append(40);
    world.runFor(4_000);
    world.configure(
        "orders",
        TierWorld.TIERED.toBuilder()
            .remoteStorageEnable(false)
            .remoteDeleteOnDisable(true)
            .build());
    append(10);
    world.runFor(60_000);
    assertThat(coldSegments()).isZero();
    assertThat(view().logStartOffset()).isEqualTo(view().localLogStartOffset());
    world.checkQuiet();
    world.configure("orders", TierWorld.TIERED);
    world.runFor(60_000);
    assertThat(view().tieredOffset()).isEqualTo(50);
    assertThat(view().localLogStartOffset()).isEqualTo(50);
    world.checkQuiet();
  }

  @Test
  @Scenario("S-119")
  void copyingSwitchedOffLeavesTheBucketReadable() {
    append(20);
    world.runFor(30_000);
    long tiered = coldSegments();
    world.configure("orders", TierWorld.TIERED.toBuilder().remoteCopyDisable(true).build());
    append(20);
    world.runFor(30_000);
    assertThat(coldSegments()).isEqualTo(tiered);
    assertThat(view().localLogStartOffset()).isEqualTo(20);
    world.checkQuiet();
  }

  @Test
  @Scenario("S-125")
  void aRecordFromTheFutureDoesNotPinAndOneFrom1970DoesNotDelete() {
    world.configure(
        "orders", TierWorld.TIERED.toBuilder().timestampAfterMaxMs(Long.MAX_VALUE).build());
    long nowMs = world.time().milliseconds();
    append(8, nowMs + 1000 * DAY_MS);
    append(8, 0);
    append(8);
    world.runFor(20_000);
    world.configure("orders", TierWorld.TIERED.toBuilder().retentionMs(3_600_000).build());
    world.runFor(60_000);
    assertThat(view().logStartOffset()).isZero();
    world.runFor(3_700_000);
    assertThat(view().logStartOffset()).isEqualTo(24);
    world.checkQuiet();
  }

  @Test
  @Scenario("S-137")
  void anIdleActiveSegmentExpires() {
    world.configure(
        "orders",
        TierWorld.TIERED.toBuilder().remoteStorageEnable(false).retentionMs(60_000).build());
    append(3);
    world.runFor(50_000);
    assertThat(view().logStartOffset()).isZero();
    world.runFor(30_000);
    assertThat(view().logStartOffset()).isEqualTo(3);
    assertThat(world.quorum().logStartOffset(id)).isEqualTo(3);
    world.check();
  }

  @Test
  @Scenario("S-114")
  void retentionBySizeCountsBothTiersOnce() {
    append(70);
    world.runFor(30_000);
    world.configure("orders", TierWorld.TIERED.toBuilder().retentionBytes(5_000).build());
    world.runFor(60_000);
    long kept = ColdLog.of(world, id).segments().stream().mapToLong(s -> s.recordsBytes()).sum();
    assertThat(kept).isBetween(5_000L, 5_000L + TierWorld.TIERED.segmentBytes());
    world.checkQuiet();
  }

  @Test
  @Scenario("S-117")
  void aReplicaWithAnEmptyDiskStartsAtTheTieredOffset() {
    append(30);
    world.runFor(30_000);
    world.wipeAndRestart();
    world.simulation().runUntil("a leader", 60_000, () -> world.node().leads(id));
    assertThat(view().logStartOffset()).isZero();
    assertThat(view().localLogStartOffset()).isEqualTo(30);
    append(10);
    world.runFor(30_000);
    assertThat(view().tieredOffset()).isEqualTo(40);
    world.checkQuiet();
  }

  @Test
  @Scenario({"S-97", "S-99"})
  void ofTwoThatCommitOneWinsAndTheOthersObjectsAreCollected() {
    append(10);
    world.runFor(20_000);
    for (int i = 0; i < 20; i++) {
      append(10);
      world.runFor(97);
      world.rival(id);
    }
    world.runFor(60_000);
    assertThat(view().tieredOffset()).isEqualTo(210);
    world.checkQuiet();
  }

  @Test
  void aManifestOfManySegmentsIsSealedIntoALeafAndTrimmed() {
    world.withoutCompaction();
    world.configure("orders", TierWorld.TIERED.toBuilder().segmentBytes(300).build());
    append(560);
    world.runFor(180_000);
    assertThat(ColdLog.of(world, id).manifest().leaves()).hasSize(1);
    assertThat(view().tieredOffset()).isEqualTo(560);
    world.node().deleteRecords(id, 300);
    world.runFor(60_000);
    assertThat(ColdLog.of(world, id).manifest().firstOffset()).isEqualTo(300);
    world.checkQuiet();
    world.node().deleteRecords(id, 540);
    world.runFor(60_000);
    assertThat(ColdLog.of(world, id).manifest().leaves()).isEmpty();
    assertThat(ColdLog.of(world, id).manifest().firstOffset()).isEqualTo(540);
    world.checkQuiet();
  }

  @Test
  @Scenario({"S-106", "S-107"})
  void verificationFindsWhatIsMissingCorruptOrUnreferenced() throws ObjectStoreException {
    append(40);
    world.runFor(30_000);
    assertThat(verify().isGood()).isTrue();
    ColdLog cold = ColdLog.of(world, id);
    String missing = cold.key(cold.segments().get(0));
    String corrupt = cold.key(cold.segments().get(2));
    world.store().delete(List.of(missing));
    byte[] bytes = world.simulatedStore().bytes(corrupt).clone();
    bytes[100] ^= 1;
    world.simulatedStore().replace(corrupt, bytes);
    String stray = TierWorld.KEYS.segmentsPrefix(id.topicId(), 0) + "stray";
    world.simulatedStore().replace(stray, new byte[3]);
    var report = verify();
    assertThat(report.problems()).isEqualTo(2);
    assertThat(report.unreferenced()).isOne();
    assertThat(report.findings())
        .extracting(finding -> finding.kind() + " " + finding.key())
        .containsExactlyInAnyOrder(
            "MISSING " + missing, "CORRUPT " + corrupt, "UNREFERENCED " + stray);
  }

  private VerifyReport verify() {
    List<Long> told = new ArrayList<>();
    CompletableFuture<VerifyReport> report =
        world
            .node()
            .tiering()
            .verify("orders", List.of(id), progress -> told.add(progress.bytesRead()));
    world.simulation().runUntil("a report", 600_000, report::isDone);
    assertThat(told).isSorted().isNotEmpty();
    return report.join();
  }

  @Test
  void smallNeighboursBecomeOne() {
    for (int i = 0; i < 12; i++) {
      append(1);
      world.runFor(7_000);
    }
    world.runFor(30_000);
    assertThat(view().tieredOffset()).isEqualTo(12);
    assertThat(coldSegments()).isLessThan(6);
    world.checkQuiet();
  }

  @Test
  @Scenario("S-120")
  void aHotTombstoneDeletesAColdValueForGood() {
    TopicIdPartition states = world.create("states", TierWorld.COMPACTED);
    write(states, "gone=old", "kept=1");
    world.runFor(20_000);
    assertThat(ColdLog.of(world, states).keyedValues()).containsValue("gone=old");
    write(states, "gone=");
    world.check();
    // Cleaned locally as often as it may be, which drops no tombstone while the value is cold.
    for (int i = 0; i < 10; i++) {
      write(states, "kept=" + i);
      world.runFor(1_000);
      world.check();
    }
    for (int i = 0; i < 20; i++) {
      write(states, "kept=" + i);
      world.runFor(10_000);
      world.check();
    }
    assertThat(ColdLog.of(world, states).keyedValues().values())
        .as("neither the value nor, after its time, the tombstone")
        .noneMatch(record -> record.startsWith("gone="));
    world.wipeAndRestart();
    world.runFor(10_000);
    world.checkQuiet();
  }

  @Test
  @Scenario("S-120")
  void aLeaderThatStartsFromTheStoreAloneKeepsEveryKey() {
    TopicIdPartition states = world.create("states", TierWorld.COMPACTED);
    for (int i = 0; i < 200; i++) {
      write(states, "key-" + i % 60 + "=" + i + "x".repeat(40));
      if (i % 20 == 0) {
        world.runFor(7_000);
        world.wipeAndRestart();
        world.check();
      }
    }
    world.runFor(60_000);
    world.checkQuiet();
    assertThat(ColdLog.of(world, states).keyedValues().size())
        .as("more keys than the map holds, in several passes")
        .isBetween(60, 75);
  }

  private void write(TopicIdPartition states, String... records) {
    world.node().append(states, List.of(records), world.time().milliseconds());
    world.runFor(50);
  }
}
