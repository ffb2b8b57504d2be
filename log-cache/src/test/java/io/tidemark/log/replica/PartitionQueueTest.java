package io.tidemark.log.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.ManualTime;
import io.tidemark.log.validate.ValidatedBatches;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

/** One change at a time, in order, whoever brings it. */
class PartitionQueueTest {
  private final ManualTime time = new ManualTime(0);
  private final Queue<Runnable> writer = new ArrayDeque<>();
  private final DirectoryPace pace = new DirectoryPace(Path.of("data"), writer::add);
  private final List<String> trace = new ArrayList<>();
  private final PartitionQueue queue =
      new PartitionQueue(() -> pace, time, appends -> trace.add("append " + appends.size()));

  @Test
  void whoeverFindsItIdleDrainsAtOnce() {
    queue.append(append(10));
    queue.command(() -> trace.add("command"));

    assertThat(trace).containsExactly("append 1", "command");
    assertThat(writer).isEmpty();
  }

  @Test
  void whatArrivesDuringADrainIsGatheredAndKeepsItsPlace() {
    queue.command(() -> {
      trace.add("first");
      queue.append(append(10));
      queue.append(append(10));
      queue.command(() -> trace.add("second"));
      queue.append(append(10));
    });

    assertThat(trace).containsExactly("first", "append 2", "second", "append 1");
  }

  @Test
  void whoHoldsItLetsEverythingWaitUntilItGoesOn() {
    List<Runnable> held = new ArrayList<>();
    queue.command(() -> trace.add("before"));
    queue.hold(held::add);
    queue.append(append(10));
    queue.command(() -> trace.add("after"));
    assertThat(trace).containsExactly("before");
    held.getFirst().run();
    assertThat(trace).containsExactly("before");
    writer.remove().run();

    assertThat(trace).containsExactly("before", "append 1", "after");
    queue.command(() -> trace.add("later"));
    assertThat(trace).endsWith("later");
  }

  @Test
  void aTurnEndsAfterAMebibyteOrSixtyFourAppendsAndTheWriterGoesOn() {
    queue.command(() -> {
      for (int i = 0; i < 100; i++) {
        queue.append(append(10));
      }
    });
    assertThat(trace).containsExactly("append 63");
    drainWriter();
    assertThat(trace).containsExactly("append 63", "append 37");
    trace.clear();

    queue.command(() -> {
      for (int i = 0; i < 4; i++) {
        queue.append(append(600 << 10));
      }
    });
    assertThat(trace).containsExactly("append 2");
    drainWriter();
    assertThat(trace).containsExactly("append 2", "append 2");
  }

  @Test
  void whileTheDirectoryIsSlowItsWriterDrains() {
    pace.wrote(21_000_000, time.nanoseconds());
    queue.append(append(10));
    assertThat(trace).isEmpty();
    drainWriter();
    assertThat(trace).containsExactly("append 1");

    time.advanceMs(1_051);
    queue.append(append(10));
    assertThat(trace).containsExactly("append 1", "append 1");
  }

  @Test
  void theLongerAWriteTookTheLongerTheWriterDrains() {
    pace.wrote(60_000_000_000L, time.nanoseconds());
    pace.wrote(21_000_000, time.nanoseconds());
    time.advanceMs(9_999);
    assertThat(pace.isPrompt(time.nanoseconds())).isFalse();
    time.advanceMs(2);
    assertThat(pace.isPrompt(time.nanoseconds())).isTrue();
  }

  @Test
  void aDrainThatTurnsSlowIsHandedOver() {
    queue.command(() -> {
      pace.wrote(21_000_000, time.nanoseconds());
      queue.append(append(10));
    });

    assertThat(trace).isEmpty();
    drainWriter();
    assertThat(trace).containsExactly("append 1");
  }

  @Test
  void waitingAppendsCanBeTakenOnceByAStallCheck() {
    pace.stalled(time.nanoseconds());
    Told told = new Told();
    queue.append(new PendingAppend(batches(10), Acks.ALL, -1, null, told));

    List<PendingAppend> taken = queue.takeWaiting();
    taken.forEach(append -> append.refuse(Errors.KAFKA_STORAGE_ERROR, "stalled", 0));
    assertThat(queue.takeWaiting()).isEmpty();
    drainWriter();

    assertThat(taken).hasSize(1);
    assertThat(trace).isEmpty();
    assertThat(told.appended.get()).isEqualTo(1);
    assertThat(told.outcomes)
        .containsExactly(new AppendOutcome.Refused(Errors.KAFKA_STORAGE_ERROR, "stalled", 0));
  }

  @Test
  void aCommandThatThrowsDoesNotStopTheQueue() {
    queue.command(() -> {
      throw new IllegalStateException("thrown on purpose");
    });
    queue.command(() -> trace.add("next"));

    assertThat(trace).containsExactly("next");
  }

  @Test
  void manyThreadsChangeOnePartitionOneAtATimeAndInTheirOwnOrder() throws Exception {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("seed " + seed);
    int threads = 6;
    int perThread = 20_000;
    ExecutorService loops = Executors.newFixedThreadPool(threads);
    ExecutorService slowWriter = Executors.newSingleThreadExecutor();
    try {
      Hammered hammered = new Hammered(threads, slowWriter);
      for (int thread = 0; thread < threads; thread++) {
        int number = thread;
        loops.execute(() -> hammered.hammer(number, perThread, new Random(seed + number)));
      }
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() ->
              assertThat(hammered.done.get()).as("seed %d", seed).isEqualTo(threads * perThread));
      assertThat(hammered.problem.get()).as("seed %d", seed).isZero();
    } finally {
      loops.shutdownNow();
      slowWriter.shutdownNow();
      assertThat(slowWriter.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** A queue under several threads, some work slow; checks exclusion and each thread's order. */
  private static final class Hammered {
    final AtomicInteger done = new AtomicInteger();
    final AtomicInteger problem = new AtomicInteger();
    private final AtomicBoolean isInside = new AtomicBoolean();
    private final int[] next;
    private final DirectoryPace pace;
    private final PartitionQueue queue;

    Hammered(int threads, ExecutorService writer) {
      this.next = new int[threads];
      this.pace = new DirectoryPace(Path.of("data"), writer);
      this.queue = new PartitionQueue(() -> pace, Time.SYSTEM, this::write);
    }

    void hammer(int thread, int count, Random random) {
      for (int i = 0; i < count; i++) {
        int number = i;
        if (random.nextInt(10) == 0) {
          queue.command(() -> exclusively(() -> check(thread, number)));
        } else {
          queue.append(
              new PendingAppend(batches(1), Acks.LEADER, number, null, new Numbered(thread)));
        }
        if (random.nextInt(5_000) == 0) {
          pace.wrote(21_000_000, Time.SYSTEM.nanoseconds() - random.nextLong(11_000_000_000L));
        }
      }
    }

    private void write(List<PendingAppend> appends) {
      exclusively(() ->
          appends.forEach(append -> {
            append.refuse(Errors.NONE, null, append.expectedLeaderEpoch());
          }));
    }

    private void exclusively(Runnable work) {
      if (!isInside.compareAndSet(false, true)) {
        problem.incrementAndGet();
      }
      work.run();
      isInside.set(false);
    }

    private void check(int thread, int number) {
      if (next[thread]++ != number) {
        problem.incrementAndGet();
      }
      done.incrementAndGet();
    }

    private final class Numbered implements AppendListener {
      private final int thread;

      Numbered(int thread) {
        this.thread = thread;
      }

      @Override
      public void appended() {}

      @Override
      public void completed(AppendOutcome outcome) {
        check(thread, (int) ((AppendOutcome.Refused) outcome).logStartOffset());
      }
    }
  }

  private void drainWriter() {
    while (!writer.isEmpty()) {
      writer.remove().run();
    }
  }

  private static PendingAppend append(int sizeBytes) {
    return new PendingAppend(batches(sizeBytes), Acks.LEADER, -1, null, new Told());
  }

  private static ValidatedBatches batches(int sizeBytes) {
    return new ValidatedBatches(ByteBuffer.allocate(sizeBytes), AppendOrigin.CLIENT, 1, 1);
  }

  private static final class Told implements AppendListener {
    final AtomicInteger appended = new AtomicInteger();
    final List<AppendOutcome> outcomes = new ArrayList<>();

    @Override
    public void appended() {
      appended.incrementAndGet();
    }

    @Override
    public void completed(AppendOutcome outcome) {
      outcomes.add(outcome);
    }
  }
}
