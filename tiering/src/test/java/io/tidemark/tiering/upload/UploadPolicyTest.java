package io.tidemark.tiering.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.LogConfig;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.retention.SegmentSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

class UploadPolicyTest {
  private static final long NOW_MS = 1_700_000_000_000L;
  private static final CopyLag AT_ONCE = new CopyLag(0, 0);
  private static final List<SegmentSpan> CLOSED =
      List.of(
          new SegmentSpan(0, 10, 100, NOW_MS - 300),
          new SegmentSpan(10, 20, 100, NOW_MS - 200),
          new SegmentSpan(20, 30, 100, NOW_MS - 100));

  private static UploadDecision decide(CopyLag lag, long start, long tiered, long stable) {
    return UploadPolicy.decide(lag, NOW_MS, start, tiered, stable, CLOSED, 50);
  }

  private static UploadDecision upload(long baseOffset) {
    return new UploadDecision.Upload(baseOffset);
  }

  @Test
  void theOldestAboveTheTieredOffsetIsNext() {
    assertThat(decide(AT_ONCE, 0, 0, 40)).isEqualTo(upload(0));
    assertThat(decide(AT_ONCE, 0, 10, 40)).isEqualTo(upload(10));
    assertThat(decide(AT_ONCE, 0, 30, 40)).isEqualTo(new UploadDecision.Nothing());
  }

  @Test
  void aSegmentThatStraddlesTheTieredOffsetIsNext() {
    assertThat(decide(AT_ONCE, 0, 15, 40)).isEqualTo(upload(10));
  }

  @Test
  void onlyStableDataIsUploaded() {
    assertThat(decide(AT_ONCE, 0, 0, 9)).isEqualTo(new UploadDecision.Nothing());
    assertThat(decide(AT_ONCE, 0, 0, 10)).isEqualTo(upload(0));
  }

  @Test
  @Scenario("S-115")
  void whatLiesBelowTheLogStartIsPassedOver() {
    assertThat(decide(AT_ONCE, 20, 0, 40)).isEqualTo(upload(20));
    assertThat(decide(AT_ONCE, 25, 0, 40)).isEqualTo(upload(20));
  }

  @Test
  void theLagByTimeIsWaitedFor() {
    assertThat(decide(new CopyLag(300, -1), 0, 0, 40)).isEqualTo(upload(0));
    assertThat(decide(new CopyLag(301, -1), 0, 0, 40))
        .isEqualTo(new UploadDecision.NotBefore(NOW_MS + 1));
  }

  @Test
  void theLagBySizeCountsNewerBytes() {
    assertThat(decide(new CopyLag(-1, 250), 0, 0, 40)).isEqualTo(upload(0));
    assertThat(decide(new CopyLag(-1, 251), 0, 0, 40)).isEqualTo(new UploadDecision.Nothing());
    assertThat(decide(new CopyLag(1000, 250), 0, 0, 40)).isEqualTo(upload(0));
  }

  @Test
  void zeroInEitherLagUploadsAtOnce() {
    assertThat(decide(new CopyLag(0, 1 << 30), 0, 0, 40)).isEqualTo(upload(0));
    assertThat(decide(new CopyLag(1 << 30, 0), 0, 0, 40)).isEqualTo(upload(0));
  }

  @Test
  void minusOneFollowsTheEffectiveLocalRetention() {
    LogConfig config =
        LogConfig.builder()
            .remoteCopyLagMs(-1)
            .remoteCopyLagBytes(-1)
            .retentionMs(7000)
            .localRetentionBytes(900)
            .build();
    assertThat(CopyLag.of(config)).isEqualTo(new CopyLag(7000, 900));
    assertThat(CopyLag.of(LogConfig.DEFAULTS)).isEqualTo(AT_ONCE);
  }
}
