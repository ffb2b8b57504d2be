package io.tidemark.tiering.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.LogConfig;
import io.tidemark.tiering.manifest.RemoteSegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class MergePolicyTest {
  private static final long NOW_MS = 1_700_000_000_000L;
  private static final MergePolicy POLICY = new MergePolicy(64_000, 4, Long.MAX_VALUE);

  static List<RemoteSegment> segments(long... recordsBytes) {
    List<RemoteSegment> segments = new ArrayList<>();
    for (long bytes : recordsBytes) {
      segments.add(segment(segments.size() * 10L, bytes));
    }
    return segments;
  }

  static RemoteSegment segment(long baseOffset, long recordsBytes) {
    return new RemoteSegment(
        baseOffset,
        baseOffset + 10,
        1,
        new Uuid(recordsBytes, baseOffset),
        recordsBytes,
        recordsBytes + 10,
        0,
        NOW_MS + baseOffset,
        false,
        NOW_MS + baseOffset);
  }

  @Test
  void theOldestSmallNeighboursAreMerged() {
    List<RemoteSegment> segments = segments(60_000, 10, 10, 10, 10, 10, 60_000, 5, 5, 5, 5);
    assertThat(POLICY.oldest(segments)).isEqualTo(segments.subList(1, 6));
  }

  @Test
  void fewOrLargeOnesStay() {
    assertThat(POLICY.oldest(segments(10, 10, 10))).isEmpty();
    assertThat(POLICY.oldest(segments(40_000, 40_000, 40_000, 40_000))).isEmpty();
    assertThat(POLICY.oldest(segments(1_000, 10, 10, 10, 10, 10, 10)))
        .as("a large one is not rewritten for a few small ones")
        .hasSize(6);
  }

  @Test
  void whereRetentionDeletesAnObjectSpansLittleOfIt() {
    LogConfig config = LogConfig.builder().delete(true).retentionMs(400).retentionBytes(-1).build();
    MergePolicy policy = MergePolicy.of(CompactionSettings.DEFAULTS, config);
    assertThat(policy.maxSpanMs()).isEqualTo(40);
    long[] small = new long[20];
    Arrays.fill(small, 10);
    assertThat(policy.oldest(segments(small)))
        .as("each is ten milliseconds after the one before")
        .isEmpty();
    assertThat(
            MergePolicy.of(CompactionSettings.DEFAULTS, config.toBuilder().delete(false).build())
                .oldest(segments(small)))
        .hasSize(20);
  }

  /** However many small objects come, few are left, and each byte is rewritten a few times only. */
  @Test
  void slowTopicsEndUpWithFewObjectsForFewRewrites() {
    Random random = new Random(7);
    List<RemoteSegment> listed = new ArrayList<>();
    long uploaded = 0;
    long rewritten = 0;
    for (int i = 0; i < 5_000; i++) {
      int bytes = 1 + random.nextInt(100);
      uploaded += bytes;
      listed.add(segment(i * 10L, bytes));
      for (List<RemoteSegment> merged = POLICY.oldest(listed);
          !merged.isEmpty();
          merged = POLICY.oldest(listed)) {
        rewritten += merged.stream().mapToLong(RemoteSegment::recordsBytes).sum();
        replace(listed, merged);
      }
    }
    assertThat(listed.size()).isLessThan(40);
    assertThat((double) rewritten / uploaded).isLessThan(8);
  }

  private static void replace(List<RemoteSegment> listed, List<RemoteSegment> merged) {
    List<RemoteSegment> old = List.copyOf(merged);
    int at = Collections.indexOfSubList(listed, old);
    long bytes = old.stream().mapToLong(RemoteSegment::recordsBytes).sum();
    listed.subList(at, at + old.size()).clear();
    listed.add(at, segment(old.getFirst().baseOffset(), bytes));
  }
}
