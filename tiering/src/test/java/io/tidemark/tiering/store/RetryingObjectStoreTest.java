package io.tidemark.tiering.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.ManualTime;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RetryingObjectStoreTest extends ObjectStoreContract {
  private static final RetryPolicy POLICY = new RetryPolicy(100, 5_000, 30_000, 60_000, 50);

  private final SimulatedObjectStore objects = new SimulatedObjectStore();
  private final ManualTime time = new ManualTime(0);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private FaultyObjectStore faulty = new FaultyObjectStore(objects, new Random(1), time);
  private ObjectStore store = faulty;

  @BeforeEach
  void open() {
    faulty = new FaultyObjectStore(objects, new Random(1), time);
    store = new RetryingObjectStore(faulty, POLICY, time, new Random(2), meters);
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Test
  @Scenario("S-105")
  void whatFailsOnceIsTriedAgain() throws Exception {
    for (Fault fault :
        new Fault[] {Fault.ERROR, Fault.THROTTLED, Fault.TIMEOUT, Fault.LOST_ANSWER}) {
      faulty.failNext(fault);
      store.put("k", ObjectContent.of(ByteBuffer.wrap(new byte[] {1, 2, 3})));
      assertThat(objects.bytes("k")).containsExactly(1, 2, 3);
      faulty.failNext(fault, fault, fault);
      ByteBuffer dst = ByteBuffer.allocate(3);
      store.read("k", 0, dst);
      assertThat(dst.array()).containsExactly(1, 2, 3);
    }
    faulty.failNext(Fault.TRUNCATED, Fault.DENIED);
    store.read("k", 0, ByteBuffer.allocate(3));
  }

  @Test
  void whatIsNotThereIsNotTriedAgain() {
    int before = faulty.calls();
    assertKind(Kind.NOT_FOUND, () -> store.read("nothing", 0, ByteBuffer.allocate(1)));
    assertThat(faulty.calls()).isEqualTo(before + 1);
  }

  @Test
  void aRefusedPutIsNotTriedAgain() {
    faulty.failNext(Fault.DENIED);
    assertKind(Kind.DENIED, () -> store.put("k", ObjectContent.of(ByteBuffer.allocate(1))));
  }

  @Test
  void readsFailAfterTheDeadlineAndNotBefore() {
    faulty.with(Fault.ERROR, 1);
    assertKind(Kind.UNAVAILABLE, () -> store.read("k", 0, ByteBuffer.allocate(1)));
    assertThat(time.milliseconds()).isBetween(POLICY.readDeadlineMs(), POLICY.readDeadlineMs() + 1);
  }

  @Test
  void backoffGrowsAndIsBounded() {
    assertThat(
            new long[] {
              POLICY.backoffMs(1), POLICY.backoffMs(2), POLICY.backoffMs(4), POLICY.backoffMs(70)
            })
        .containsExactly(100, 200, 800, 5_000);
  }

  @Test
  void whenEverythingFailsRetriesComeOneASecond() throws Exception {
    objects.put("k", ObjectContent.of(ByteBuffer.allocate(1)));
    faulty.with(Fault.ERROR, 1);
    for (int i = 0; i < 20; i++) {
      assertKind(Kind.UNAVAILABLE, () -> store.read("k", 0, ByteBuffer.allocate(1)));
    }
    long seconds = time.milliseconds() / 1_000;
    double retries = meters.get("tidemark.store.retries").counter().count();
    assertThat(retries).isLessThanOrEqualTo(seconds + POLICY.budget() + 20.0);
    faulty.heal();
    store.read("k", 0, ByteBuffer.allocate(1));
  }

  @Test
  void theSameSeedWaitsTheSame() throws Exception {
    long[] ends = new long[2];
    for (int i = 0; i < 2; i++) {
      ManualTime clock = new ManualTime(0);
      FaultyObjectStore failing =
          new FaultyObjectStore(objects, new Random(7), clock).with(Fault.ERROR, 0.5);
      ObjectStore retrying = new RetryingObjectStore(failing, POLICY, clock, new Random(8), meters);
      for (int n = 0; n < 50; n++) {
        retrying.put("k" + n, ObjectContent.of(ByteBuffer.allocate(10)));
      }
      ends[i] = clock.nanoseconds();
    }
    assertThat(Arrays.stream(ends).distinct().count()).isEqualTo(1);
  }

  private static void assertKind(Kind kind, ThrowingCall call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
