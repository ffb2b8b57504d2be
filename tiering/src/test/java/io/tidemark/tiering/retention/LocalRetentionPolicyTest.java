package io.tidemark.tiering.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalRetentionPolicyTest {
  private static final long NOW_MS = 1_700_000_000_000L;
  private static final List<SegmentSpan> CLOSED =
      List.of(
          new SegmentSpan(0, 10, 100, NOW_MS - 300),
          new SegmentSpan(10, 20, 100, NOW_MS - 200),
          new SegmentSpan(20, 30, 100, NOW_MS - 100));

  private static long below(long ms, long bytes, long tiered, long highWatermark, long active) {
    return LocalRetentionPolicy.deleteBelow(
        new RetentionLimits(ms, bytes), NOW_MS, 0, tiered, highWatermark, CLOSED, active);
  }

  @Test
  @Scenario("S-102")
  void onlyWhatTheCommittedManifestHasGoes() {
    assertThat(below(0, -1, 0, 30, 0)).isEqualTo(0);
    assertThat(below(0, -1, 15, 30, 0)).isEqualTo(10);
    assertThat(below(0, -1, 20, 30, 0)).isEqualTo(20);
  }

  @Test
  void nothingPassesTheOwnHighWatermark() {
    assertThat(below(0, -1, 30, 12, 0)).isEqualTo(10);
  }

  @Test
  void theLastSegmentGoesTooSoThatEarliestLocalIsTheLogEnd() {
    assertThat(below(50, -1, 30, 30, 0)).isEqualTo(30);
  }

  @Test
  void byAge() {
    assertThat(below(150, -1, 30, 30, 0)).isEqualTo(20);
    assertThat(below(-1, -1, 30, 30, 0)).isEqualTo(0);
  }

  @Test
  void bySizeTheActiveSegmentCounts() {
    assertThat(below(-1, 200, 30, 30, 0)).isEqualTo(10);
    assertThat(below(-1, 200, 30, 30, 100)).isEqualTo(20);
    assertThat(below(-1, 0, 30, 30, 0)).isEqualTo(30);
  }

  @Test
  @Scenario("S-110")
  void whileTheStoreIsAwayNothingLocalGoes() {
    assertThat(below(0, 0, 0, 30, 1 << 20)).isEqualTo(0);
  }
}
