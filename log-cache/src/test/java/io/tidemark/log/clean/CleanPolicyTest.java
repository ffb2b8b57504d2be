package io.tidemark.log.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.LogConfig;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CleanPolicyTest {
  private static final long NOW_MS = 1_000_000;
  private static final LogConfig CONFIG = LogConfig.builder().compact(true).build();

  private static final List<CleanPolicy.Span> SPANS =
      List.of(
          new CleanPolicy.Span(0, 10, 100, 900_000),
          new CleanPolicy.Span(10, 20, 200, 950_000),
          new CleanPolicy.Span(20, 30, 300, 990_000));

  private static Cleanable cleanable(long cleanedTo, long stableOffset, LogConfig config) {
    return CleanPolicy.cleanable(SPANS, cleanedTo, stableOffset, config, NOW_MS);
  }

  @Test
  void wholeSegmentsBehindWhatIsCleanAreDirty() {
    assertThat(cleanable(0, 35, CONFIG)).isEqualTo(new Cleanable(0, 30, 0, 600));
    assertThat(cleanable(10, 35, CONFIG)).isEqualTo(new Cleanable(10, 30, 100, 500));
    assertThat(cleanable(30, 35, CONFIG)).isEqualTo(new Cleanable(30, 30, 600, 0));
  }

  @Test
  void aSegmentCleanedInPartIsDirty() {
    assertThat(cleanable(15, 35, CONFIG)).isEqualTo(new Cleanable(15, 30, 100, 500));
  }

  @Test
  void nothingIsCleanedThatIsNotDecided() {
    assertThat(cleanable(0, 25, CONFIG)).isEqualTo(new Cleanable(0, 20, 0, 300));
    assertThat(cleanable(0, 9, CONFIG)).isEqualTo(new Cleanable(0, 0, 0, 0));
  }

  @Test
  void youngRecordsStay() {
    LogConfig lag = CONFIG.toBuilder().minCompactionLagMs(60_000).build();
    assertThat(cleanable(0, 35, lag)).isEqualTo(new Cleanable(0, 10, 0, 100));
  }

  @Test
  void whatLiesBelowTheFirstSegmentIsGone() {
    List<CleanPolicy.Span> left = SPANS.subList(1, 3);
    assertThat(CleanPolicy.cleanable(left, 5, 35, CONFIG, NOW_MS))
        .isEqualTo(new Cleanable(10, 30, 0, 500));
    assertThat(CleanPolicy.cleanable(List.of(), 5, 35, CONFIG, NOW_MS))
        .isEqualTo(new Cleanable(5, 5, 0, 0));
  }

  @Test
  void aLogIsDueWhenMoreThanTheShareIsDirty() {
    assertThat(isDue(new Cleanable(0, 10, 100, 101), CONFIG, 0)).isTrue();
    assertThat(isDue(new Cleanable(0, 10, 100, 100), CONFIG, 0)).isFalse();
    assertThat(isDue(new Cleanable(0, 0, 0, 0), CONFIG, 0)).isFalse();
  }

  @Test
  void aLogIsDueWhenItsOldestDirtyRecordHasWaitedTooLong() {
    LogConfig lag = CONFIG.toBuilder().maxCompactionLagMs(500).build();
    Cleanable hardlyDirty = new Cleanable(0, 10, 1000, 1);
    assertThat(isDue(hardlyDirty, lag, NOW_MS - 501)).isTrue();
    assertThat(isDue(hardlyDirty, lag, NOW_MS - 500)).isFalse();
    assertThat(CleanPolicy.isDue(hardlyDirty, lag, OptionalLong.empty(), NOW_MS)).isFalse();
  }

  private static boolean isDue(Cleanable cleanable, LogConfig config, long oldestMs) {
    return CleanPolicy.isDue(cleanable, config, OptionalLong.of(oldestMs), NOW_MS);
  }
}
