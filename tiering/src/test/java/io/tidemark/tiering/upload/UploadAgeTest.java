package io.tidemark.tiering.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import org.junit.jupiter.api.Test;

class UploadAgeTest {
  private static final long HOUR_MS = 3_600_000;

  @Test
  void aMebibyteWaitsAnHourAndLessADay() {
    assertThat(UploadAge.BY_SIZE.closes(1 << 20, HOUR_MS)).isTrue();
    assertThat(UploadAge.BY_SIZE.closes(1 << 20, HOUR_MS - 1)).isFalse();
    assertThat(UploadAge.BY_SIZE.closes((1 << 20) - 1, HOUR_MS)).isFalse();
    assertThat(UploadAge.BY_SIZE.closes(1, 24 * HOUR_MS)).isTrue();
  }

  @Test
  void anExplicitAgeHoldsForAnySize() {
    assertThat(UploadAge.of(500).closes(1, 500)).isTrue();
    assertThat(UploadAge.of(500).closes(1 << 30, 499)).isFalse();
  }

  @Test
  @Scenario("S-136")
  void anEmptySegmentIsNeverClosed() {
    assertThat(UploadAge.of(0).closes(0, Long.MAX_VALUE)).isFalse();
  }
}
