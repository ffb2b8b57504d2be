package io.tidemark.tiering.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.LogConfig;
import io.tidemark.scenario.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {
  private static final long NOW_MS = 1_700_000_000_000L;

  private static SegmentSpan span(long base, long next, long bytes, long ageMs) {
    return new SegmentSpan(base, next, bytes, NOW_MS - ageMs);
  }

  private static RetentionDecision decide(
      long ms, long bytes, long highWatermark, SegmentSpan... spans) {
    return RetentionPolicy.decide(
        new RetentionLimits(ms, bytes), NOW_MS, 0, highWatermark, List.of(spans), true);
  }

  @Test
  void expiredSegmentsGoOldestFirst() {
    assertThat(
            decide(
                100,
                -1,
                40,
                span(0, 10, 1, 300),
                span(10, 20, 1, 101),
                span(20, 30, 1, 100),
                span(30, 40, 1, 0)))
        .isEqualTo(new RetentionDecision(20, false));
  }

  @Test
  @Scenario("S-125")
  void anExpiredSegmentBehindAFreshOneWaits() {
    assertThat(decide(100, -1, 30, span(0, 10, 1, 5), span(10, 20, 1, 900), span(20, 30, 1, 0)))
        .isEqualTo(new RetentionDecision(0, false));
  }

  @Test
  void nothingPassesTheHighWatermark() {
    assertThat(decide(100, -1, 15, span(0, 10, 1, 300), span(10, 20, 1, 300)))
        .isEqualTo(new RetentionDecision(10, false));
  }

  @Test
  @Scenario("S-137")
  void anIdleExpiredActiveSegmentIsRolledFirst() {
    assertThat(decide(100, -1, 20, span(0, 10, 1, 300), span(10, 20, 1, 300)))
        .isEqualTo(new RetentionDecision(10, true));
    assertThat(decide(100, -1, 20, span(10, 20, 1, 300))).isEqualTo(new RetentionDecision(0, true));
  }

  @Test
  @Scenario("S-136")
  void anEmptyActiveSegmentIsNotRolled() {
    assertThat(decide(100, -1, 10, span(0, 10, 1, 300), span(10, 10, 0, 300)))
        .isEqualTo(new RetentionDecision(10, false));
  }

  @Test
  void bySizeOnlyWhatIsNotNeededToKeepTheLimitGoes() {
    SegmentSpan[] spans = {
      span(0, 10, 100, 0), span(10, 20, 100, 0), span(20, 30, 100, 0), span(30, 40, 50, 0)
    };
    assertThat(decide(-1, 350, 40, spans).logStartOffset()).isEqualTo(0);
    assertThat(decide(-1, 250, 40, spans).logStartOffset()).isEqualTo(10);
    assertThat(decide(-1, 249, 40, spans).logStartOffset()).isEqualTo(10);
    assertThat(decide(-1, 150, 40, spans).logStartOffset()).isEqualTo(20);
    assertThat(decide(-1, 0, 40, spans)).isEqualTo(new RetentionDecision(30, true));
  }

  @Test
  void unlimitedKeepsEverything() {
    assertThat(decide(-1, -1, 10, span(0, 10, 1 << 30, 1L << 50)))
        .isEqualTo(new RetentionDecision(0, false));
  }

  @Test
  @Scenario("S-138")
  void theLogStartNeverGoesBack() {
    assertThat(
            RetentionPolicy.decide(
                    new RetentionLimits(1, -1), NOW_MS, 15, 20, List.of(span(10, 12, 1, 9)), false)
                .logStartOffset())
        .isEqualTo(15);
  }

  @Test
  void aCompactedLogDropsNothingByAge() {
    LogConfig compacted = LogConfig.builder().compact(true).delete(false).build();
    assertThat(RetentionLimits.total(compacted)).isEqualTo(RetentionLimits.NONE);
  }

  @Test
  void localLimitsFollowTheTotalWhereTheySayOrCopyingIsDisabled() {
    LogConfig config =
        LogConfig.builder()
            .retentionMs(1000)
            .retentionBytes(500)
            .localRetentionMs(LogConfig.LIKE_RETENTION)
            .localRetentionBytes(50)
            .build();
    assertThat(RetentionLimits.local(config)).isEqualTo(new RetentionLimits(1000, 50));
    assertThat(RetentionLimits.local(config.toBuilder().remoteCopyDisable(true).build()))
        .isEqualTo(new RetentionLimits(1000, 500));
  }
}
