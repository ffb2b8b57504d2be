package io.tidemark.log.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.disk.FileSystemDisk;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectorySettings;
import io.tidemark.log.partition.LogResources;
import io.tidemark.log.replica.ReplicaNode.Entry;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.log.validate.InvalidBatchException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Producers, a tail reader and tiering at one replica, on threads and a real disk. */
class ReplicaConcurrencyTest implements IsrChanges {
  private static final int PRODUCERS = 4;
  private static final int BATCHES = 3_000;

  private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
  private final ExecutorService writer = Executors.newSingleThreadExecutor();
  private final ExecutorService bulk = Executors.newFixedThreadPool(2);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BatchValidator validator = new BatchValidator(Time.SYSTEM);

  @AfterEach
  void stop() {
    threads.shutdownNow();
    timers.shutdownNow();
    writer.shutdown();
    bulk.shutdown();
  }

  @Test
  void aReaderSeesEveryRecordOnceAndEachProducersInOrder(@TempDir Path data) throws Exception {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("seed " + seed);
    LogConfig config = LogConfig.builder().segmentBytes(64 << 10).build();
    try (ReplicaSet set = open(data, seed, config)) {
      Replica replica = set.createOrOpen(ReplicaNode.ORDERS, config);
      replica.becomeLeader(new LeaderAssignment(1, 1, List.of(1), List.of(1), 0, 0)).join();
      AtomicInteger acknowledged = new AtomicInteger();
      for (int i = 0; i < PRODUCERS; i++) {
        int producer = i;
        threads.execute(
            () -> produce(replica, producer, new Random(seed + producer), acknowledged));
      }
      CompletableFuture<List<String>> seen =
          CompletableFuture.supplyAsync(() -> readAll(replica, new Random(seed)), threads);
      threads.execute(() -> meddle(replica, seen));
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> acknowledged.get() == PRODUCERS * BATCHES || seen.isDone());
      check(seen.get(), seed);
      assertThat(replica.view().highWatermark()).isEqualTo(PRODUCERS * BATCHES);
      assertThat(replica.closedSegments()).isNotEmpty();
    }
  }

  private ReplicaSet open(Path data, long seed, LogConfig config) {
    LogDirectories directories =
        LogDirectories.open(
            List.of(data),
            LogDirectorySettings.defaults(1),
            new LogResources(
                new FileSystemDisk(), Time.SYSTEM, new Random(seed), timers, path -> bulk));
    directories.identify("cluster");
    directories.recover(topic -> config);
    ReplicaSet set =
        new ReplicaSet(
            new ReplicaSettings(1, 30_000, 5_000, 1 << 20, 1 << 20),
            directories,
            this,
            new ReplicaResources(Time.SYSTEM, timers, path -> writer, new SimpleMeterRegistry()));
    set.start();
    return set;
  }

  /** Keeps several batches in flight, as a connection does. */
  private void produce(Replica replica, int producer, Random random, AtomicInteger acknowledged) {
    Semaphore inFlight = new Semaphore(5);
    for (int i = 0; i < BATCHES; i++) {
      inFlight.acquireUninterruptibly();
      Acks acks = random.nextBoolean() ? Acks.ALL : Acks.LEADER;
      replica.append(
          validated(producer + ":" + i),
          acks,
          -1,
          new AppendListener() {
            @Override
            public void appended() {}

            @Override
            public void completed(AppendOutcome outcome) {
              if (outcome instanceof AppendOutcome.Appended) {
                acknowledged.incrementAndGet();
              }
              inFlight.release();
            }
          });
    }
  }

  private io.tidemark.log.validate.ValidatedBatches validated(String value) {
    try {
      return validator.validate(
          ReplicaNode.batch(value),
          LogConfig.builder().timestampAfterMaxMs(Long.MAX_VALUE).build(),
          AppendOrigin.CLIENT);
    } catch (InvalidBatchException e) {
      throw new AssertionError(e);
    }
  }

  /** Follows the log by its watch alone. */
  private static List<String> readAll(Replica replica, Random random) {
    Semaphore woken = new Semaphore(0);
    List<String> seen = new ArrayList<>();
    try (ReplicaWatch watch = replica.watch(changed -> woken.release())) {
      long offset = 0;
      while (offset < (long) PRODUCERS * BATCHES) {
        if (watch.look().highWatermark() == offset) {
          woken.acquireUninterruptibly();
          continue;
        }
        ReplicaRead read =
            replica.read(
                ReadRequest.ofConsumer(
                    offset, 100 + random.nextInt(20_000), Isolation.HIGH_WATERMARK));
        for (Entry entry : ReplicaNode.entries(read)) {
          if (entry.offset() >= offset) {
            assertThat(entry.offset()).isEqualTo(offset);
            seen.add(entry.value());
            offset++;
          }
        }
      }
    }
    return seen;
  }

  /** What tiering and operators do meanwhile. */
  private static void meddle(Replica replica, CompletableFuture<?> until) {
    while (!until.isDone()) {
      replica.roll().join();
      replica.configure(replica.view().config()).join();
      assertThat(replica.uploadable()).isNotNull();
    }
  }

  private static void check(List<String> seen, long seed) {
    int[] next = new int[PRODUCERS];
    for (String value : seen) {
      int producer = Character.digit(value.charAt(0), 10);
      assertThat(value).as("seed %d", seed).isEqualTo(producer + ":" + next[producer]++);
    }
    assertThat(seen).hasSize(PRODUCERS * BATCHES);
  }

  @Override
  public CompletableFuture<IsrResult> propose(IsrProposal proposal) {
    return new CompletableFuture<>();
  }

  @Override
  public OptionalLong eligibleNodeEpoch(int nodeId) {
    return OptionalLong.empty();
  }
}
