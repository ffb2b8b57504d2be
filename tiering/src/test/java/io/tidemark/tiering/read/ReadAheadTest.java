package io.tidemark.tiering.read;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReadAheadTest {
  private static final int CHUNK = 1 << 20;
  private static final long MAX = 32L * CHUNK;
  private static final long MS = 1_000_000L;
  private final ReadAhead ahead = new ReadAhead(CHUNK, MAX);

  @Test
  void nothingIsReadAheadForSomebodyWhoHasReadNothing() {
    ahead.stalled();
    assertThat(ahead.windowBytes()).isZero();
  }

  @Test
  void theWindowIsWhatTheReaderTakesInTwiceTheLatency() {
    // 100 MB/s from a store that takes 50 ms: 10 MB.
    for (int i = 1; i <= 100; i++) {
      ahead.advanced(1_000_000, i * 10L * MS, 50 * MS);
    }
    assertThat(ahead.windowBytes()).isBetween(9_900_000L, 10_100_000L);
  }

  @Test
  void waitingDoublesTheWindowUpToItsBound() {
    for (int i = 1; i <= 100; i++) {
      ahead.advanced(CHUNK, i * 1_000L * MS, MS);
    }
    assertThat(ahead.windowBytes()).isEqualTo(CHUNK);
    ahead.stalled();
    assertThat(ahead.windowBytes()).isEqualTo(2 * CHUNK);
    for (int i = 0; i < 20; i++) {
      ahead.stalled();
    }
    assertThat(ahead.windowBytes()).isEqualTo(MAX);
  }

  @Test
  void aWindowIsEarnedByReadingInSequence() {
    for (int i = 0; i < 20; i++) {
      ahead.stalled();
    }
    ahead.advanced(100, 0, MS);
    assertThat(ahead.windowBytes()).isEqualTo(2 * CHUNK + 400);
    ahead.advanced(CHUNK, MS, MS);
    assertThat(ahead.windowBytes()).isEqualTo(6 * CHUNK + 400);
  }
}
