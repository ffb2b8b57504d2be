package io.tidemark.tiering.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.ManualTime;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Downloads here start as threads do and run when the test says so. */
final class ChunkCacheTest {
  private static final int CHUNK = 64 * 1024;

  private final SimulatedObjectStore store = new SimulatedObjectStore();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Deque<Runnable> started = new ArrayDeque<>();
  private final List<ChunkRequest> requests = new ArrayList<>();
  private ChunkCache cache = cache(8, 4, 2);

  /** A thread that does nothing when started: its work waits in {@link #started}. */
  private ThreadFactory threads() {
    return work -> {
      started.add(work);
      return Thread.ofVirtual().unstarted(() -> {});
    };
  }

  private ChunkCache cache(int chunks, int concurrent, int perReader) {
    return new ChunkCache(
        store,
        new RemoteReaderSettings(CHUNK, (long) chunks * CHUNK, CHUNK, concurrent, perReader, CHUNK),
        new ManualTime(0),
        threads(),
        new ReadMetrics(meters));
  }

  @BeforeEach
  void upload() throws Exception {
    TieredLog log = new TieredLog(store, 1);
    log.addRandom(30 * CHUNK, 500);
    RemoteSegment segment = log.manifest().segments().getFirst();
    ByteBuffer tail = ByteBuffer.allocate((int) segment.tailBytes());
    store.read(log.key(segment), segment.recordsBytes(), tail);
    SegmentTail decoded = SegmentTail.decode(tail.flip(), segment.recordsBytes());
    SegmentView view = new SegmentView(cache, segment, decoded, log.key(segment), CHUNK, true);
    for (int i = 0; i < 30; i++) {
      requests.add(view.request(i));
    }
  }

  private void runAll() {
    for (Runnable work = started.poll(); work != null; work = started.poll()) {
      work.run();
    }
  }

  private @Nullable Chunk acquire(int index) {
    return cache.acquire(requests.get(index).key(), false);
  }

  @Test
  void oneDownloadForAllWhoAsk() {
    CompletableFuture<?> one = cache.demand(requests.get(0), "a");
    CompletableFuture<?> two = cache.demand(requests.get(0), "b");
    assertThat(started).hasSize(1);
    runAll();
    assertThat(one).isCompleted();
    assertThat(two).isCompleted();
    assertThat(cache.demand(requests.get(0), "c")).isCompleted();
    assertThat(started).isEmpty();
  }

  @Test
  @Scenario("S-123")
  void oneReaderHasItsShareAndNotMore() {
    for (int i = 0; i < 6; i++) {
      cache.demand(requests.get(i), "replay");
    }
    assertThat(started).hasSize(2);
    CompletableFuture<?> other = cache.demand(requests.get(20), "other");
    assertThat(started).hasSize(3);
    started.removeLast().run();
    assertThat(other).isCompleted();
    runAll();
    assertThat(acquire(5)).isNotNull();
  }

  @Test
  @Scenario("S-123")
  void whatIsDemandedComesBeforeWhatIsReadAhead() {
    cache = cache(16, 1, 1);
    cache.readAhead(requests.get(0), "a", "a");
    cache.readAhead(requests.get(1), "a", "a");
    CompletableFuture<?> demanded = cache.demand(requests.get(2), "b");
    started.remove().run();
    started.remove().run();
    assertThat(demanded).isCompleted();
    assertThat(acquire(1)).isNull();
  }

  @Test
  @Scenario("S-123")
  void aClientWithManyReadersDoesNotStarveOneWithASingleReader() {
    cache = cache(16, 1, 1);
    for (int i = 0; i < 6; i++) {
      cache.demand(requests.get(i), "reader " + i, "replay");
    }
    CompletableFuture<?> other = cache.demand(requests.get(20), "its reader", "other");
    for (int i = 0; i < 3; i++) {
      started.remove().run();
    }
    assertThat(other).isCompleted();
    assertThat(acquire(2)).isNull();
    runAll();
    assertThat(acquire(5)).isNotNull();
  }

  @Test
  void readAheadTakesHalfOfTheMemoryAtMost() {
    for (int i = 0; i < 20; i++) {
      cache.readAhead(requests.get(i), "reader " + i, "reader " + i);
    }
    runAll();
    assertThat(acquire(3)).isNotNull();
    assertThat(acquire(4)).isNull();
  }

  @Test
  void whatWasReadGoesFirstAndTheOldestOfIt() {
    for (int i = 0; i < 8; i++) {
      cache.demand(requests.get(i), "a");
      runAll();
    }
    for (int index : new int[] {1, 2, 0}) {
      Chunk chunk = acquire(index);
      assertThat(chunk).isNotNull();
      cache.release(List.of(chunk));
    }
    cache.demand(requests.get(10), "a");
    cache.demand(requests.get(11), "a");
    runAll();
    assertThat(acquire(1)).isNull();
    assertThat(acquire(2)).isNull();
    assertThat(acquire(0)).isNotNull();
    assertThat(acquire(3)).isNotNull();
    assertThat(meters.get("tidemark.remote.readahead.wasted").counter().count()).isZero();
  }

  @Test
  void aDemandWaitsUntilSomebodyLetsGo() {
    List<Chunk> held = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      cache.demand(requests.get(i), "a");
      runAll();
      Chunk chunk = acquire(i);
      assertThat(chunk).isNotNull();
      held.add(chunk);
    }
    assertThat(cache.isCrowded()).isTrue();
    CompletableFuture<?> demanded = cache.demand(requests.get(9), "b");
    assertThat(started).isEmpty();
    cache.release(List.of(held.removeFirst()));
    runAll();
    assertThat(demanded).isCompleted();
    cache.release(held);
    assertThat(cache.isCrowded()).isFalse();
  }

  @Test
  void aFailedDownloadIsForgottenAndItsMemoryUsedAgain() throws Exception {
    byte[] object = store.bytes(requests.get(0).objectKey());
    store.delete(List.of(requests.get(0).objectKey()));
    for (int i = 0; i < 20; i++) {
      CompletableFuture<?> failing = cache.demand(requests.get(i % 3), "a");
      runAll();
      assertThat(failing).isCompletedExceptionally();
    }
    store.replace(requests.get(0).objectKey(), object);
    CompletableFuture<?> fine = cache.demand(requests.get(0), "a");
    runAll();
    assertThat(fine).isCompleted();
    assertThat(meters.get("tidemark.remote.cache.bytes").gauge().value()).isEqualTo(CHUNK);
  }

  @Test
  void closingEndsWhatWaits() {
    CompletableFuture<?> running = cache.demand(requests.get(0), "a");
    cache.demand(requests.get(1), "a");
    CompletableFuture<?> waiting = cache.demand(requests.get(2), "a");
    cache.close();
    assertThat(waiting).isCompletedExceptionally();
    runAll();
    assertThat(running).isCompleted();
    assertThat(cache.demand(requests.get(5), "a")).isCompletedExceptionally();
  }
}
