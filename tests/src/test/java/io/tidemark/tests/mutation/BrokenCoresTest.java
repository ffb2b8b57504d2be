package io.tidemark.tests.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tidemark.tests.mutation.Mutation.How;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each of these mistakes, made in an otherwise whole core, is noticed by the simulation within a
 * few hundred seeds, most within a few; the same run without the mistake passes.
 */
@Tag("long")
class BrokenCoresTest {
  private static final String REPLICAS = "io.tidemark.log.replica.";
  private static final String BROKEN_REPLICAS = REPLICAS + "BrokenReplicas";
  private static final String TESTS = "io.tidemark.tests.";
  private static final String REPLICATION = "cluster.ReplicationScenariosTest";
  private static final String TIER = "cluster.SharedTierScenariosTest";
  private static final String GROUPS = "cluster.CoordinatorFailoverTest";
  private static final String SESSIONS = "cluster.FetchSessionScenariosTest";
  private static final String TIER_LIFE = "tiering.TierLifeSimulationTest";
  private static final int SEEDS = 300;

  private static Mutation replica(String target, String method, How how, String name) {
    return new Mutation(REPLICAS + target, method, how, BROKEN_REPLICAS, name);
  }

  /**
   * Plays a scene with the mistakes, seed after seed until it fails, and that seed's once more
   * without them.
   *
   * @param test of the simulation's tests
   * @param scene a method of it that takes a seed
   */
  private static void assertCaught(String test, String scene, Mutation... mutations) {
    assertCaughtFrom(1, test, scene, mutations);
  }

  private static void assertCaughtFrom(
      long firstSeed, String test, String scene, Mutation... mutations) {
    MutatingLoader loader = new MutatingLoader(List.of(mutations));
    for (long seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
      Throwable caught = failureOf(loader, TESTS + test, scene, seed);
      if (caught != null) {
        assertThat(loader.broken()).as("methods that were broken").isEqualTo(mutations.length);
        assertThat(failureOf(BrokenCoresTest.class.getClassLoader(), TESTS + test, scene, seed))
            .as("the scene without the mistake")
            .isNull();
        System.out.printf("%s: seed %d: %s%n", mutations[0].name(), seed, firstLine(caught));
        return;
      }
    }
    fail("%d seeds of %s did not notice %s", SEEDS, scene, List.of(mutations));
  }

  private static String firstLine(Throwable caught) {
    return String.valueOf(caught.getMessage()).strip().lines().findFirst().orElse("");
  }

  private static @Nullable Throwable failureOf(
      ClassLoader loader, String testName, String scene, long seed) {
    try {
      Class<?> test = loader.loadClass(testName);
      Constructor<?> constructor = test.getDeclaredConstructor();
      constructor.setAccessible(true);
      Method method = test.getDeclaredMethod(scene, long.class);
      method.setAccessible(true);
      method.invoke(constructor.newInstance(), seed);
      return null;
    } catch (InvocationTargetException e) {
      return noticed(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no scene " + scene, e);
    }
  }

  /** A class that could not be loaded is no mistake that was noticed. */
  private static Throwable noticed(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof LinkageError linkage) {
        throw linkage;
      }
    }
    return failure;
  }

  @Test
  void aFollowerThatKeepsOneRecordTooMany() {
    assertCaught(
        REPLICATION,
        "tailsOfSeveralShortLeadershipsAreCutToTheCommonEpoch",
        replica("EpochCheck", "truncationOffset", How.RESULT, "oneMore"));
  }

  @Test
  void aFollowerThatCutsItsLogAtItsHighWatermark() {
    assertCaught(
        REPLICATION,
        "whatWasAcknowledgedOutlivesTwoLeadersInARow",
        replica("ReplicaTurn", "becomeFollower", How.BEFORE, "cutAtHighWatermark"));
  }

  /** One seed in a hundred or so shows it, so the search begins near one that does. */
  @Test
  void aHighWatermarkOverTheCommittedIsrOnly() {
    assertCaughtFrom(
        100,
        REPLICATION,
        "aFollowerThatJoinsUnderLoadHasEverything",
        replica("Leading", "holdsHighWatermark", How.INSTEAD, "holdsOnlyAsCommitted"));
  }

  @Test
  void aHighWatermarkThatMovesBelowTheLeastIsr() {
    assertCaught(
        REPLICATION,
        "theLastReplicaStandingMayLoseItsPageCache",
        replica("Leading", "isUnderMinIsr", How.INSTEAD, "neverUnderMinIsr"));
  }

  @Test
  void aDuplicateAcknowledgedBeforeItsOriginalIsCommitted() {
    assertCaught(
        REPLICATION,
        "aRetryAtALeaderThatIsCutOffIsNotAcknowledged",
        replica("AppendDrain$Placed", "lastOffset", How.INSTEAD, "duplicatesEndAtOnce"));
  }

  @Test
  void localSegmentsDeletedBeforeTheManifestIsCommitted() {
    assertCaught(
        TIER,
        "whatLeftTheDisksIsInTheStore",
        replica("CoreOffsets", "locallyDeletableBelow", How.INSTEAD, "deletableBeforeTheCommit"),
        new Mutation(
            "io.tidemark.tiering.retention.LocalRetentionPolicy",
            "deleteBelow",
            How.INSTEAD,
            "io.tidemark.tiering.retention.BrokenLocalRetention",
            "deletesBeforeTheCommit"));
  }

  @Test
  void aReplicaThatStartsAtAnOffsetInsideABatch() {
    assertCaught(
        TIER,
        "anEmptyReplicaStartsAtTheTieredOffsetAndKnowsTheProducers",
        replica("ReplicaTurn", "restartAt", How.ARGUMENT, "oneFurther"));
  }

  @Test
  void manifestsCommittedWhateverTheLeaderEpoch() {
    assertCaught(
        TIER,
        "aCommitThatWasUnderWayWhileItsLeaderWasReplacedIsRefused",
        new Mutation(
            "io.tidemark.metadata.controller.TierControl",
            "outcome",
            How.INSTEAD,
            "io.tidemark.metadata.controller.BrokenTierControl",
            "anyEpochWillDo"),
        new Mutation(
            "io.tidemark.metadata.event.ImageFold",
            "committed",
            How.ARGUMENT,
            "io.tidemark.metadata.event.BrokenFold",
            "inAnyEpoch"));
  }

  @Test
  void aCoordinatorThatAnswersBeforeItsLogIsCommitted() {
    assertCaught(
        GROUPS,
        "committedOffsetsSurviveTheirCoordinator",
        new Mutation(
            "io.tidemark.metadata.coordinator.Pipeline",
            "newest",
            How.INSTEAD,
            "io.tidemark.metadata.coordinator.BrokenPipeline",
            "nothingIsOutstanding"));
  }

  @Test
  void aSweepThatDeletesWhatItFinds() {
    assertCaught(
        TIER_LIFE,
        "live",
        new Mutation(
            "io.tidemark.tiering.sweep.OrphanSweep",
            "find",
            How.RESULT,
            "io.tidemark.tiering.sweep.BrokenSweep",
            "deletesAtOnce"));
  }

  @Test
  void aCommitTriedAgainUnderAnIdThatIsMarkedForDeletion() {
    assertCaught(
        TIER_LIFE,
        "live",
        new Mutation(
            "io.tidemark.tiering.TieringPlatform",
            "freshUuid",
            How.INSTEAD,
            "io.tidemark.tiering.BrokenTiering",
            "sameIdAgain"));
  }

  @Test
  void aSessionThatForgetsWhatItDidNotDeliver() {
    assertCaught(
        SESSIONS,
        "partitionsThatDidNotFitIntoAnAnswerComeWithTheNext",
        new Mutation(
            "io.tidemark.gateway.fetch.FetchRound",
            "settle",
            How.INSTEAD,
            "io.tidemark.gateway.fetch.BrokenSessions",
            "clearsWhatWasNotDelivered"));
  }
}
