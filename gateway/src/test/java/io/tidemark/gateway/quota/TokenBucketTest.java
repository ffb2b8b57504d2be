package io.tidemark.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final TokenBucket bucket = new TokenBucket(QuotaWindows.ofSeconds(10, 1, 0));

  @Test
  void aBurstOfAllWindowsIsThereAtFirst() {
    assertThat(bucket.tryTake(20, 2, 0)).isTrue();
    assertThat(bucket.waitNs(2, 0)).isZero();
  }

  @Test
  void oneRequestMayMakeADebtAndTheNextWaitsUntilItIsPaid() {
    assertThat(bucket.tryTake(30, 2, 0)).isTrue();
    assertThat(bucket.tryTake(1, 2, 0)).isFalse();
    assertThat(bucket.waitNs(2, 0)).isEqualTo(5 * SECOND_NS);
    assertThat(bucket.tryTake(1, 2, 4 * SECOND_NS)).isFalse();
    assertThat(bucket.tryTake(1, 2, 5 * SECOND_NS)).isTrue();
  }

  @Test
  void whatIsRefusedIsNotTaken() {
    bucket.take(22, 2, 0);
    for (int i = 0; i < 5; i++) {
      assertThat(bucket.tryTake(100, 2, 0)).isFalse();
    }
    assertThat(bucket.waitNs(2, 0)).isEqualTo(SECOND_NS);
  }

  @Test
  void noMoreIsSavedThanABurst() {
    bucket.take(20, 2, 0);
    assertThat(bucket.tryTake(22, 2, 1_000 * SECOND_NS)).isTrue();
    assertThat(bucket.waitNs(2, 1_000 * SECOND_NS)).isEqualTo(SECOND_NS);
  }

  @Test
  void aDebtIsNotForgotten() {
    bucket.take(60, 2, 0);
    assertThat(bucket.isForgotten(15 * SECOND_NS)).isFalse();
    assertThat(bucket.waitNs(2, 20 * SECOND_NS)).isZero();
    assertThat(bucket.isForgotten(31 * SECOND_NS)).isTrue();
  }
}
