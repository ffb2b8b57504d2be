package io.tidemark.tiering.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SegmentTimeTest {
  private static final long WRITTEN_MS = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
  private static final long DAY_MS = 86_400_000;

  @Test
  void theLargestRecordTimestampCounts() {
    assertThat(SegmentTime.of(WRITTEN_MS - DAY_MS, WRITTEN_MS)).isEqualTo(WRITTEN_MS - DAY_MS);
  }

  @Test
  @Scenario("S-125")
  void aFutureTimestampCountsFromTheWriting() {
    assertThat(SegmentTime.of(WRITTEN_MS + 1000 * DAY_MS, WRITTEN_MS)).isEqualTo(WRITTEN_MS);
  }

  @Test
  @Scenario("S-125")
  void a1970TimestampIsAnUnsetClock() {
    assertThat(SegmentTime.of(0, WRITTEN_MS)).isEqualTo(WRITTEN_MS);
    assertThat(SegmentTime.of(5 * DAY_MS, WRITTEN_MS)).isEqualTo(WRITTEN_MS);
    assertThat(SegmentTime.of(-1, WRITTEN_MS)).isEqualTo(WRITTEN_MS);
  }

  @Test
  void aFileWithoutACredibleTimeBoundsNothing() {
    assertThat(SegmentTime.of(WRITTEN_MS, 0)).isEqualTo(WRITTEN_MS);
  }

  @Test
  void anOldEventTimeIsAnEventTime() {
    long year1999 = Instant.parse("1999-01-01T00:00:00Z").toEpochMilli();
    assertThat(SegmentTime.of(year1999, WRITTEN_MS)).isEqualTo(year1999);
  }
}
