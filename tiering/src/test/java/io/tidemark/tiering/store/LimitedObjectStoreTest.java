package io.tidemark.tiering.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.ManualTime;
import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LimitedObjectStoreTest extends ObjectStoreContract {
  private final SimulatedObjectStore objects = new SimulatedObjectStore();
  private final ManualTime time = new ManualTime(0);
  private final LimitedObjectStore store =
      new LimitedObjectStore(
          objects, new StoreLimits(2, 2, 1_000_000, 1_000_000), time, new SimpleMeterRegistry());

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Test
  void bytesPassAtTheRate() throws Exception {
    for (int i = 0; i < 10; i++) {
      store.put("k" + i, ObjectContent.of(ByteBuffer.allocate(1_000_000)));
    }
    assertThat(time.milliseconds()).isBetween(8_900L, 9_100L);
    for (int i = 0; i < 10; i++) {
      store.read("k" + i, 0, ByteBuffer.allocate(1_000_000));
    }
    assertThat(time.milliseconds()).isBetween(17_800L, 18_200L);
  }

  @Test
  @Scenario("S-104")
  void fewerCallsAfterThrottlingAndMoreAfterSuccess() {
    AdaptiveLimit limit = new AdaptiveLimit(16);
    long[] calls = new long[16];
    for (int i = 0; i < 16; i++) {
      calls[i] = limit.begin();
    }
    for (long call : calls) {
      limit.end(call, true);
    }
    // All of them were under way together: one step down.
    assertThat(limit.limit()).isEqualTo(12);
    for (int i = 0; i < 20; i++) {
      limit.end(limit.begin(), true);
    }
    assertThat(limit.limit()).isEqualTo(1);
    for (int i = 0; i < 200; i++) {
      limit.end(limit.begin(), false);
    }
    assertThat(limit.limit()).isEqualTo(16);
    assertThat(limit.underWay()).isZero();
  }

  @Test
  void noMoreCallsThanTheLimitAtOnce() throws Exception {
    AdaptiveLimit limit = new AdaptiveLimit(3);
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(50);
    for (int i = 0; i < 50; i++) {
      Thread.ofVirtual()
          .start(() -> {
            long call = limit.begin();
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            underWay.decrementAndGet();
            limit.end(call, call % 5 == 0);
            done.countDown();
          });
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(most.get()).isLessThanOrEqualTo(3);
  }
}
