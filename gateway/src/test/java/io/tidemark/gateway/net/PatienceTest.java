package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final long SECOND = 1_000_000_000L;

  private final Patience patience =
      new Patience(
          new ConnectionSettings(
              1, 1, 1, -1, -1, 600_000, 30_000, 60_000, ConnectionLimitsTest.UNLIMITED));

  @Test
  void aSilentConnectionIsClosedAfterItsIdleTime() {
    assertThat(patience.verdict(600 * SECOND, Patience.NOT_SO, 0, Patience.NOT_SO)).isNull();
    assertThat(patience.verdict(601 * SECOND, Patience.NOT_SO, 0, Patience.NOT_SO))
        .isEqualTo(CloseReason.IDLE);
  }

  @Test
  void aTricklingRequestIsClosedAndASlowLineIsNot() {
    assertThat(patience.verdict(0, 29 * SECOND, 3, Patience.NOT_SO)).isNull();
    assertThat(patience.verdict(0, 31 * SECOND, 3, Patience.NOT_SO))
        .isEqualTo(CloseReason.SLOW_REQUEST);
    int megabytes = 50 << 20;
    assertThat(patience.verdict(0, 600 * SECOND, megabytes, Patience.NOT_SO)).isNull();
  }

  @Test
  void aClientThatTakesNothingIsClosed() {
    assertThat(patience.verdict(0, Patience.NOT_SO, 0, 61 * SECOND))
        .isEqualTo(CloseReason.SLOW_READER);
  }

  @Test
  void limitsAreLookedAtOften() {
    assertThat(patience.sweepIntervalMs()).isEqualTo(1_000);
  }
}
