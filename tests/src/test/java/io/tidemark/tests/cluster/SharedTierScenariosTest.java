package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces of several nodes over one store: who uploads, who starts from there, who is too late. */
class SharedTierScenariosTest {
  private static final int LARGE_BYTES = 60_000;

  private static Stage stage(long seed, String... more) {
    String[] settings = {
      "tiering.store", "file:///store",
      "log.segment.bytes", "1048576",
      "log.local.retention.ms", "1000",
      "log.retention.check.interval.ms", "500",
      "log.segment.delete.delay.ms", "100",
      "tiering.upload.max.age.ms", "3000"
    };
    String[] all = Arrays.copyOf(settings, settings.length + more.length);
    System.arraycopy(more, 0, all, settings.length, more.length);
    return Stage.of(seed, 3, all);
  }

  private static long tieredOffset(Stage stage) {
    return stage.image().map(PartitionImage::tieredOffset).orElse(0L);
  }

  /** Produces until the leader's disk has given up its oldest segment. */
  private static void fillTheTier(Stage stage, IdempotentProducer producer) {
    while (localLogStart(stage, stage.leader()) == 0) {
      stage.produce(producer, 4);
      stage.runFor(300);
    }
  }

  private static long localLogStart(Stage stage, int node) {
    return stage.replica(node).orElseThrow().view().localLogStartOffset();
  }

  private static void check(Stage stage) {
    stage.curtain();
    new ManifestEntriesExist(stage.cluster()).check();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario("S-102")
  void whatLeftTheDisksIsInTheStore(long seed) {
    Stage stage = stage(seed);
    stage.createTopic(1, 2, 3);
    stage.cluster().store().with(Fault.ERROR, 1.0);
    IdempotentProducer producer = stage.producer(LARGE_BYTES);
    for (int i = 0; i < 10; i++) {
      stage.produce(producer, 6);
      stage.runFor(500);
    }
    stage.runFor(5_000);
    check(stage);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario({"S-117", "S-31", "S-41"})
  void anEmptyReplicaStartsAtTheTieredOffsetAndKnowsTheProducers(long seed) {
    Stage stage = stage(seed);
    stage.createTopic(1, 2, 3);
    IdempotentProducer producer = stage.producer(LARGE_BYTES);
    fillTheTier(stage, producer);
    long tiered = tieredOffset(stage);
    stage.cluster().machine(2).wipe();
    stage.cluster().start(2);
    stage.awaitInSync(2);
    assertThat(localLogStart(stage, 2)).isGreaterThanOrEqualTo(tiered);
    stage.cluster().machine(1).kill();
    stage.cluster().machine(3).pause();
    stage.runFor(500);
    stage.cluster().machine(3).resume();
    stage.awaitLeaderOtherThan(1);
    stage.produce(producer, 3);
    check(stage);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario({"S-97", "S-98", "S-99"})
  void aManifestOfAnEarlierLeaderIsRefused(long seed) {
    Stage stage = stage(seed);
    stage.createTopic(1, 2, 3);
    IdempotentProducer producer = stage.producer(LARGE_BYTES);
    stage.produce(producer, 8);
    int objects = stage.cluster().objects().keys().size();
    // Slow, so that the next leader has not committed when the earlier one goes on.
    stage.cluster().store().with(Fault.SLOW, 1.0);
    stage.await("an upload", () -> segmentObjects(stage) > 0);
    stage.cluster().machine(1).pause();
    stage.awaitLeaderOtherThan(1);
    stage.cluster().machine(1).resume();
    stage.produce(producer, 2);
    stage.runFor(10_000);
    assertThat(stage.cluster().objects().keys()).hasSizeGreaterThan(objects);
    check(stage);
  }

  /**
   * The earlier leader's commit is under way while it is replaced, and its parent is still right:
   * only its epoch tells that it comes too late.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario({"S-97", "S-98"})
  void aCommitThatWasUnderWayWhileItsLeaderWasReplacedIsRefused(long seed) {
    Stage stage = stage(seed);
    int controller = stage.cluster().raft().leaderId();
    int leader = 1 + controller % 3;
    int follower = 6 - controller - leader;
    stage.createTopic(leader, follower, controller);
    stage.produce(stage.producer(LARGE_BYTES), 8);
    stage.await("a manifest in the store", () -> manifestObjects(stage) > 0);
    stage.cluster().isolate(leader);
    stage.cluster().store().with(Fault.ERROR, 1.0);
    assertThat(tieredOffset(stage)).isZero();
    stage.awaitLeaderOtherThan(leader);
    stage.cluster().network().heal();
    stage.runFor(2_000);
    assertThat(tieredOffset(stage)).as("what the earlier leader committed").isZero();
    check(stage);
  }

  private static long manifestObjects(Stage stage) {
    return stage.cluster().objects().keys().stream()
        .filter(key -> key.contains("/manifests/"))
        .count();
  }

  private static long segmentObjects(Stage stage) {
    return stage.cluster().objects().keys().stream().filter(key -> key.endsWith(".seg")).count();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario("S-100")
  void aLeaderThatDiesBetweenTheUploadAndTheCommitLeavesAnOrphanOnly(long seed) {
    Stage stage = stage(seed);
    stage.createTopic(1, 2, 3);
    stage.produce(stage.producer(LARGE_BYTES), 8);
    stage.await("an upload", () -> segmentObjects(stage) > 0);
    assertThat(tieredOffset(stage)).isZero();
    stage.cluster().machine(1).kill();
    stage.awaitLeaderOtherThan(1);
    stage.await("the next leader's upload", () -> tieredOffset(stage) > 0);
    check(stage);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario("S-101")
  void aLeaderThatDiesRightAfterTheCommitLeavesTheSegmentInBothTiers(long seed) {
    Stage stage = stage(seed);
    stage.createTopic(1, 2, 3);
    stage.produce(stage.producer(LARGE_BYTES), 8);
    stage.await("a commit", () -> tieredOffset(stage) > 0);
    stage.cluster().machine(1).kill();
    stage.awaitLeaderOtherThan(1);
    check(stage);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario({"S-19", "S-116"})
  void anUncleanLeaderBeginsWhereTheStoreEnds(long seed) {
    Stage stage = stage(seed, "min.insync.replicas", "1", "unclean.leader.election.enable", "true");
    stage.createTopic(1, 2);
    IdempotentProducer producer = stage.producer(LARGE_BYTES);
    stage.produce(producer, 3);
    stage.cluster().machine(2).kill();
    stage.await("the last replica", () -> stage.isIsr(1));
    fillTheTier(stage, producer);
    stage.cluster().machine(1).crash();
    long tiered = tieredOffset(stage);
    stage.history().mayHaveLostFrom(Stage.PARTITION, tiered);
    stage.cluster().start(2);
    stage.await("an unclean leader", () -> stage.leader() == 2 && stage.isLeading(2));
    assertThat(stage.replica(2).orElseThrow().view().logEndOffset()).isGreaterThanOrEqualTo(tiered);
    stage.forgetWhatWasCommitted();
    check(stage);
  }
}
