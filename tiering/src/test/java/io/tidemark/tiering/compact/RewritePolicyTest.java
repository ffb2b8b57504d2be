package io.tidemark.tiering.compact;

import static io.tidemark.tiering.compact.MergePolicyTest.segments;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.LogConfig;
import io.tidemark.tiering.compact.RewritePolicy.Next;
import io.tidemark.tiering.manifest.RemoteSegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class RewritePolicyTest {
  private static final long NOW_MS = 1_700_000_000_000L;
  private static final LogConfig COMPACTED =
      LogConfig.builder().compact(true).delete(false).minCleanableDirtyRatio(0.5).build();

  private static Next decide(List<RemoteSegment> segments, long compactedTo, LogConfig config) {
    return RewritePolicy.decide(
        segments, compactedTo, config, CompactionSettings.DEFAULTS, NOW_MS + 1_000);
  }

  @Test
  void whatIsDirtierThanItMayBeIsCompacted() {
    List<RemoteSegment> segments = segments(100, 100, 100);
    assertThat(decide(segments, 0, COMPACTED)).isEqualTo(new Next.Compact(0, 30));
    assertThat(decide(segments, 10, COMPACTED)).isEqualTo(new Next.Compact(10, 30));
    assertThat(decide(segments, 20, COMPACTED)).isInstanceOf(Next.Nothing.class);
    assertThat(decide(segments, 30, COMPACTED)).isEqualTo(new Next.Nothing(Long.MAX_VALUE));
    assertThat(RewritePolicy.dirtyBytes(segments, 20, COMPACTED, NOW_MS)).isEqualTo(100);
  }

  @Test
  void whatHasWaitedTooLongIsCompactedHoweverLittleItIs() {
    LogConfig config = COMPACTED.toBuilder().maxCompactionLagMs(900).build();
    assertThat(decide(segments(100, 100, 100), 20, config)).isEqualTo(new Next.Compact(20, 30));
    LogConfig later = COMPACTED.toBuilder().maxCompactionLagMs(5_000).build();
    assertThat(decide(segments(100, 100, 100), 20, later))
        .isEqualTo(new Next.Nothing(NOW_MS + 20 + 5_001));
  }

  @Test
  void whatIsTooYoungWaits() {
    LogConfig config = COMPACTED.toBuilder().minCompactionLagMs(985).build();
    assertThat(decide(segments(100, 100, 100), 0, config))
        .as("the last is of 20 ms, a second ago")
        .isEqualTo(new Next.Compact(0, 20));
    assertThat(decide(segments(100, 100, 100), 20, config))
        .isEqualTo(new Next.Nothing(NOW_MS + 20 + 985));
  }

  @Test
  void smallNeighboursAreMergedWhateverThePolicyIs() {
    List<RemoteSegment> small = segments(10, 10, 10, 10, 10, 10, 10, 10);
    assertThat(decide(small, 80, COMPACTED)).isEqualTo(new Next.Merge(small));
    assertThat(decide(small, 0, LogConfig.builder().retentionMs(-1).build()))
        .isEqualTo(new Next.Merge(small));
  }
}
