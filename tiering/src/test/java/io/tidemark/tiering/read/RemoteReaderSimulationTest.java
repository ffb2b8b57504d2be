package io.tidemark.tiering.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.ManualTime;
import io.tidemark.log.disk.FileSystemDisk;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.store.FaultyObjectStore;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStores;
import io.tidemark.tiering.store.RetryPolicy;
import io.tidemark.tiering.store.SimulatedObjectStore;
import io.tidemark.tiering.store.StoreLimits;
import io.tidemark.tiering.store.StoreSettings;
import java.lang.reflect.Constructor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

/**
 * Readers, downloads and retries on one thread, in an order drawn from a seed: everybody gets every
 * byte, and the same seed gives the same run.
 */
final class RemoteReaderSimulationTest {
  private static final int CHUNK = 64 * 1024;
  private static final int READERS = 4;

  private final List<Runnable> ready = new ArrayList<>();

  @Test
  @Scenario({"S-105", "S-106"})
  void everyReaderGetsEveryByteAndASeedRepeatsItself() throws Exception {
    long first = Long.getLong("tidemark.seed", 20_261_120L);
    for (long seed = first; seed < first + 5; seed++) {
      System.out.println("seed " + seed);
      String trace = run(seed);
      assertThat(run(seed)).as("seed %d", seed).isEqualTo(trace);
    }
  }

  private String run(long seed) throws Exception {
    SimulatedObjectStore objects = new SimulatedObjectStore();
    TieredLog log = new TieredLog(objects, seed);
    for (int i = 0; i < 4; i++) {
      log.addRandom(400_000, 1_000);
    }
    ManualTime time = new ManualTime(TieredLog.START_MS);
    FaultyObjectStore faulty =
        new FaultyObjectStore(objects, new Random(seed), time)
            .with(Fault.ERROR, 0.05)
            .with(Fault.THROTTLED, 0.05)
            .with(Fault.TRUNCATED, 0.05)
            .with(Fault.TIMEOUT, 0.02);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ObjectStore store =
        new ObjectStores(new FileSystemDisk(), Runnable::run, time, new Random(seed + 1), meters)
            .layered(
                faulty,
                StoreSettings.of("file:///unused")
                    .withLimits(new StoreLimits(3, 3, 50_000_000, 50_000_000))
                    .withRetries(new RetryPolicy(10, 100, 3_600_000, 3_600_000, 1_000)));
    StringBuilder trace = new StringBuilder();
    List<ByteBuffer> replays = new ArrayList<>();
    try (CachedRemoteReader reader =
        new CachedRemoteReader(
            store,
            new ManifestCache(
                new ManifestObjects(store, TieredLog.KEYS), 1 << 20, Runnable::run, meters),
            log,
            new RemoteReaderSettings(CHUNK, 12 * CHUNK, 1 << 20, 4, 2, 4 * CHUNK),
            time,
            threads(),
            meters)) {
      for (int i = 0; i < READERS; i++) {
        String name = "r" + i;
        ByteBuffer all = ByteBuffer.allocate(log.allRecords().limit());
        replays.add(all);
        threads().newThread(() -> replay(name, reader, log, all, trace)).start();
      }
      Random order = new Random(seed + 2);
      while (!ready.isEmpty()) {
        ready.remove(order.nextInt(ready.size())).run();
      }
    }
    for (ByteBuffer all : replays) {
      assertThat(all.flip()).as("seed %d", seed).isEqualTo(log.allRecords());
    }
    return trace.append(time.nanoseconds()).append(' ').append(faulty.calls()).toString();
  }

  @SuppressWarnings("ThreadPriorityCheck") // a point at which the simulation may go on elsewhere
  private static void replay(
      String name, CachedRemoteReader reader, TieredLog log, ByteBuffer all, StringBuilder trace) {
    long offset = 0;
    while (offset < log.pointer().tieredOffset()) {
      RemoteRead read = reader.read(log.partition(), log.pointer(), offset, 100_000, true).join();
      read.slice().buffers().forEach(all::put);
      offset = read.nextOffset();
      trace.append(name).append('@').append(offset).append(' ');
      read.release();
      Thread.yield();
    }
  }

  /** Virtual threads of the JDK whose scheduler is {@link #ready}. */
  private ThreadFactory threads() {
    Executor scheduler = ready::add;
    return work -> {
      try {
        Constructor<?> constructor =
            Class.forName("java.lang.VirtualThread")
                .getDeclaredConstructor(Executor.class, String.class, int.class, Runnable.class);
        constructor.setAccessible(true);
        return (Thread) constructor.newInstance(scheduler, "simulated", 0, work);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("needs --add-opens java.base/java.lang", e);
      }
    };
  }
}
