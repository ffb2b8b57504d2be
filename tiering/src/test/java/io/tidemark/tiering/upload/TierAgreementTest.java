package io.tidemark.tiering.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TierAgreementTest {
  private static final TierAgreement AGREES = new TierAgreement.Agrees();

  /** Epoch and start offset by turns. */
  private static EpochLineage lineage(long... epochsAndStarts) {
    List<EpochEntry> entries = new ArrayList<>();
    for (int i = 0; i < epochsAndStarts.length; i += 2) {
      entries.add(new EpochEntry((int) epochsAndStarts[i], epochsAndStarts[i + 1]));
    }
    return EpochLineage.of(entries);
  }

  private static TierAgreement compare(
      EpochLineage hot, long hotFrom, long hotEnd, EpochLineage tiered, long tieredOffset) {
    return TierAgreement.compare(hot, 0, hotFrom, hotEnd, tiered, 0, tieredOffset);
  }

  @Test
  void aLogWithTheManifestsHistoryAgrees() {
    EpochLineage tiered = lineage(3, 0, 5, 100);
    assertThat(compare(lineage(3, 0, 5, 100, 6, 300), 0, 400, tiered, 200)).isEqualTo(AGREES);
    assertThat(compare(lineage(5, 150, 6, 300), 150, 400, tiered, 200)).isEqualTo(AGREES);
  }

  @Test
  void aLogThatBeginsAtTheTieredOffsetAgrees() {
    assertThat(compare(lineage(6, 200), 200, 400, lineage(3, 0), 200)).isEqualTo(AGREES);
    assertThat(compare(EpochLineage.EMPTY, 200, 200, lineage(3, 0), 200)).isEqualTo(AGREES);
  }

  @Test
  void anEmptyPartitionAgreesWithNoManifest() {
    assertThat(compare(EpochLineage.EMPTY, 0, 0, EpochLineage.EMPTY, 0)).isEqualTo(AGREES);
    assertThat(compare(lineage(0, 0), 0, 50, EpochLineage.EMPTY, 0)).isEqualTo(AGREES);
  }

  @Test
  @Scenario("S-116")
  void theBucketWinsOverADivergentLog() {
    EpochLineage tiered = lineage(3, 0, 5, 100);
    EpochLineage hot = lineage(3, 0, 4, 120, 6, 150);
    assertThat(compare(hot, 50, 400, tiered, 200))
        .isEqualTo(new TierAgreement.StartsAt(200, 100, tiered.entries()));
  }

  @Test
  @Scenario("S-117")
  void anEmptyDiskStartsAtTheTieredOffset() {
    EpochLineage tiered = lineage(3, 0, 5, 100);
    assertThat(compare(EpochLineage.EMPTY, 0, 0, tiered, 200))
        .isEqualTo(new TierAgreement.StartsAt(200, 0, tiered.entries()));
  }

  @Test
  void aShorterLogOfTheSameHistoryStartsAtTheTieredOffset() {
    EpochLineage tiered = lineage(3, 0, 5, 100);
    assertThat(compare(lineage(3, 0, 5, 100), 0, 150, tiered, 200))
        .isEqualTo(new TierAgreement.StartsAt(200, 150, tiered.entries()));
  }

  @Test
  void aHoleBetweenTheTiersIsToldUnlessTheLogStartIsPastIt() {
    assertThat(compare(lineage(6, 300), 300, 400, lineage(3, 0), 200))
        .isEqualTo(new TierAgreement.Gap(200, 300));
    assertThat(TierAgreement.compare(lineage(6, 300), 300, 300, 400, lineage(3, 0), 0, 200))
        .isEqualTo(AGREES);
  }

  /** Against the plain definition: compare the epoch of every offset. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theCommonPointIsTheFirstOffsetOfDifferentEpochs(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      EpochLineage hot = randomLineage(random);
      EpochLineage tiered = randomLineage(random);
      long from = random.nextInt(20);
      long tieredOffset = from + random.nextInt(40);
      long end = from + random.nextInt(60);
      long common = from;
      while (common < Math.min(end, tieredOffset)
          && hot.epochOf(common).equals(tiered.epochOf(common))) {
        common++;
      }
      boolean known = hot.epochOf(from).isPresent() && tiered.epochOf(from).isPresent();
      if (!known || from >= Math.min(end, tieredOffset)) {
        continue;
      }
      TierAgreement expected =
          common < tieredOffset
              ? new TierAgreement.StartsAt(tieredOffset, common, tiered.entries())
              : AGREES;
      assertThat(TierAgreement.compare(hot, 0, from, end, tiered, 0, tieredOffset))
          .as("seed %d round %d: %s against %s", seed, round, hot, tiered)
          .isEqualTo(expected);
    }
  }

  private static EpochLineage randomLineage(Random random) {
    List<EpochEntry> entries = new ArrayList<>();
    int epoch = 0;
    long start = 0;
    while (start < 60) {
      epoch += 1 + random.nextInt(2);
      entries.add(new EpochEntry(epoch, start));
      start += 1 + random.nextInt(30);
    }
    return EpochLineage.of(entries);
  }
}
