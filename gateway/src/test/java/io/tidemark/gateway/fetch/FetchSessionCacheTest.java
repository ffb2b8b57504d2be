package io.tidemark.gateway.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.ManualTime;
import io.tidemark.scenario.Scenario;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FetchSessionCacheTest {
  private static final long EVICTION_MS = 1_000;

  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final ManualTime time = new ManualTime(1_000);
  private final FetchSessionCache cache =
      new FetchSessionCache(2, EVICTION_MS, time, new Random(1), new SimpleMeterRegistry());

  @AfterEach
  void stop() {
    loop.shutdownNow();
  }

  @Test
  void aSessionIsFoundByItsId() {
    FetchSession session = consumer();

    assertThat(cache.add(session)).isTrue();
    assertThat(session.id()).isPositive();
    assertThat(cache.find(session.id())).contains(session);
    assertThat(cache.find(session.id() + 1)).isEmpty();
  }

  @Test
  @Scenario("S-181")
  void aFullCacheTakesNobodyWhileAllAreInUse() {
    cache.add(consumer());
    cache.add(consumer());
    FetchSession late = consumer();

    assertThat(cache.add(late)).isFalse();
    assertThat(late.id()).isZero();
  }

  @Test
  @Scenario("S-181")
  void theLeastRecentlyUsedMakesRoomOnceItIsOldEnough() {
    FetchSession first = consumer();
    FetchSession second = consumer();
    cache.add(first);
    cache.add(second);
    time.sleep(EVICTION_MS + 1);
    cache.find(first.id());

    assertThat(cache.add(consumer())).isTrue();
    assertThat(cache.find(first.id())).isPresent();
    assertThat(cache.find(second.id())).isEmpty();
  }

  @Test
  void aReplicaTakesThePlaceOfAConsumer() {
    FetchSession replica = session(true);
    FetchSession consumer = consumer();
    cache.add(replica);
    cache.add(consumer);

    assertThat(cache.add(session(true))).isTrue();
    assertThat(cache.find(replica.id())).isPresent();
    assertThat(cache.find(consumer.id())).isEmpty();
  }

  @Test
  void aRemovedSessionLeavesItsPlace() {
    FetchSession session = consumer();
    cache.add(session);
    cache.add(consumer());

    assertThat(cache.remove(session.id())).contains(session);
    assertThat(cache.add(consumer())).isTrue();
  }

  private FetchSession consumer() {
    return session(false);
  }

  private FetchSession session(boolean isReplica) {
    return new FetchSession(loop, new LoopWatches(loop), true, isReplica);
  }
}
