package io.tidemark.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateWindowTest {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
  private static final double PER_SECOND = 100;

  private final QuotaWindows windows = QuotaWindows.ofSeconds(11, 1, 0);
  private final RateWindow rate = new RateWindow(windows, 0);

  private long useMs(double amount, long nowMs) {
    return TimeUnit.NANOSECONDS.toMillis(
        rate.use(amount, PER_SECOND, TimeUnit.MILLISECONDS.toNanos(nowMs)));
  }

  @Test
  void whoUsesNoMoreThanItMayDoesNotWait() {
    for (int i = 0; i < 100; i++) {
      assertThat(useMs(0.9 * PER_SECOND, i * 1_000L)).isZero();
    }
  }

  @Test
  void whoWasQuietMayUseTheWholeOfAllWindowsAtOnce() {
    assertThat(useMs(10 * PER_SECOND, 0)).isZero();
    assertThat(useMs(1, 0)).isEqualTo(10);
  }

  @Test
  void theWaitIsHowLongTheExcessTakesAtTheQuota() {
    assertThat(useMs(15 * PER_SECOND, 0)).isEqualTo(5_000);
    assertThat(rate.peekNs(PER_SECOND, 4 * SECOND_NS)).isEqualTo(5 * SECOND_NS);
    assertThat(rate.peekNs(PER_SECOND, 11 * SECOND_NS)).isZero();
  }

  @Test
  void whatIsOlderThanAllWindowsIsForgotten() {
    useMs(1_000 * PER_SECOND, 500);
    assertThat(rate.peekNs(PER_SECOND, 10 * SECOND_NS + SECOND_NS / 2)).isPositive();
    assertThat(rate.peekNs(PER_SECOND, 11 * SECOND_NS)).isZero();
  }

  @Test
  void aLongSilenceLeavesNothingBehind() {
    for (int i = 0; i < 30; i++) {
      useMs(2 * PER_SECOND, i * 1_000L);
    }
    assertThat(useMs(10 * PER_SECOND, 1_000_000)).isZero();
  }

  @Test
  void whatIsGivenBackCountsNoMore() {
    useMs(20 * PER_SECOND, 0);
    assertThat(useMs(-20 * PER_SECOND, 0)).isZero();
  }

  @Test
  void itIsForgottenOnceANewOneWouldSayTheSame() {
    useMs(1, 1_000);
    assertThat(rate.isForgotten(12 * SECOND_NS)).isFalse();
    assertThat(rate.isForgotten(13 * SECOND_NS)).isTrue();
  }

  @Test
  void windowsMayBeginBeforeAndAfterZeroOfTheClock() {
    long origin = -5 * SECOND_NS / 2;
    RateWindow other = new RateWindow(QuotaWindows.ofSeconds(2, 1, origin), origin);
    assertThat(other.use(PER_SECOND, PER_SECOND, origin)).isZero();
    assertThat(other.use(PER_SECOND, PER_SECOND, origin)).isEqualTo(SECOND_NS);
    assertThat(other.peekNs(PER_SECOND, origin + 2 * SECOND_NS)).isZero();
  }
}
