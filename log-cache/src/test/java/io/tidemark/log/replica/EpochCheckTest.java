package io.tidemark.log.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where a follower cuts its log so that it becomes the leader's. */
class EpochCheckTest {

  /** A log as the list of its records' epochs. */
  private record Log(List<Integer> epochs) {
    static Log of(Integer... epochs) {
      return new Log(new ArrayList<>(List.of(epochs)));
    }

    EpochLineage lineage() {
      List<EpochEntry> entries = new ArrayList<>();
      for (int offset = 0; offset < epochs.size(); offset++) {
        if (entries.isEmpty() || entries.getLast().epoch() != epochs.get(offset)) {
          entries.add(new EpochEntry(epochs.get(offset), offset));
        }
      }
      return EpochLineage.of(entries);
    }

    EpochEnd endOf(int epoch) {
      return lineage().endOffsetFor(epoch, epochs.size());
    }

    int commonWith(Log other) {
      int common = 0;
      while (common < Math.min(epochs.size(), other.epochs.size())
          && epochs.get(common).equals(other.epochs.get(common))) {
        common++;
      }
      return common;
    }
  }

  /** Fetches as a follower does until the leader finds no divergence; returns the steps taken. */
  private static int follow(Log follower, Log leader) {
    for (int step = 0; step < 100; step++) {
      int end = follower.epochs.size();
      if (end == 0) {
        return step;
      }
      int lastEpoch = follower.epochs.get(end - 1);
      EpochEnd diverging = EpochCheck.divergence(leader.endOf(lastEpoch), lastEpoch, end);
      if (diverging == null) {
        return step;
      }
      long offset = EpochCheck.truncationOffset(diverging, follower::endOf, end);
      assertThat(offset).isLessThan(end);
      follower.epochs.subList((int) offset, end).clear();
    }
    throw new AssertionError("never agrees");
  }

  @Test
  void aFollowerThatIsMerelyBehindKeepsEverything() {
    Log follower = Log.of(1, 1, 2);
    assertThat(follow(follower, Log.of(1, 1, 2, 2, 3))).isZero();
    assertThat(follower.epochs).hasSize(3);
  }

  @Test
  @Scenario("S-01")
  void truncationFollowsEpochsAndNotTheHighWatermark() {
    // The follower restarts with an old high watermark, but its records are the leader's.
    Log follower = Log.of(1, 1, 1, 1);
    follow(follower, Log.of(1, 1, 1, 1, 2));
    assertThat(follower.epochs).hasSize(4);
  }

  @Test
  @Scenario("S-02")
  void divergingTailsOfEqualLengthAreCutToTheCommonPart() {
    // Both crashed; the other came back first and wrote on in a new epoch.
    Log follower = Log.of(1, 1, 2, 2);
    follow(follower, Log.of(1, 1, 3, 3));
    assertThat(follower.epochs).containsExactly(1, 1);
  }

  @Test
  @Scenario("S-03")
  void anEpochTheLeaderDoesNotKnowIsCutStepByStep() {
    // Two quick changes of leader, the follower led in epochs the leader has never seen.
    Log follower = Log.of(1, 1, 2, 4, 4);
    follow(follower, Log.of(1, 1, 1, 3, 5, 5));
    assertThat(follower.epochs).containsExactly(1, 1);
  }

  @Test
  void anyTwoHistoriesOfOneLeaderAnEpochEndInTheCommonPart() {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      Log leader = new Log(new ArrayList<>());
      Log follower = new Log(new ArrayList<>());
      grow(leader, follower, random);
      // Who leads last has the newest epoch.
      leader.epochs.add(1_000);
      int common = follower.commonWith(leader);
      follow(follower, leader);
      assertThat(follower.epochs.size())
          .as("seed %d, round %d", seed, round)
          .isLessThanOrEqualTo(common);
      assertThat(follower.commonWith(leader)).isEqualTo(follower.epochs.size());
    }
  }

  /**
   * Both logs grow in epochs of one leader each, who first makes the other's log a prefix of its
   * own, or does not reach it.
   */
  private static void grow(Log one, Log other, Random random) {
    for (int epoch = 1; epoch <= 6; epoch++) {
      boolean first = random.nextBoolean();
      Log leads = first ? one : other;
      Log follows = first ? other : one;
      int records = random.nextInt(4);
      for (int i = 0; i < records; i++) {
        leads.epochs.add(epoch);
      }
      if (random.nextBoolean() && !leads.epochs.isEmpty()) {
        int common = follows.commonWith(leads);
        follows.epochs.subList(common, follows.epochs.size()).clear();
        int upTo = common + random.nextInt(leads.epochs.size() - common + 1);
        follows.epochs.addAll(leads.epochs.subList(common, upTo));
      }
    }
  }
}
