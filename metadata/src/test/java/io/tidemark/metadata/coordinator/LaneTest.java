package io.tidemark.metadata.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LaneTest {
  @Test
  void tasksOfManyThreadsRunOneAtATimeAndInEachThreadsOrder() throws Exception {
    int threads = 4;
    int each = 5_000;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      Lane lane = new Lane(pool);
      AtomicInteger inside = new AtomicInteger();
      AtomicInteger overlaps = new AtomicInteger();
      List<int[]> ran = new ArrayList<>();
      CountDownLatch done = new CountDownLatch(threads * each);
      try (ExecutorService senders = Executors.newFixedThreadPool(threads)) {
        for (int thread = 0; thread < threads; thread++) {
          int sender = thread;
          senders.execute(() -> {
            for (int i = 0; i < each; i++) {
              int[] task = {sender, i};
              lane.execute(() -> {
                overlaps.addAndGet(inside.getAndIncrement());
                ran.add(task);
                inside.decrementAndGet();
                done.countDown();
              });
            }
          });
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(overlaps.get()).isZero();
      int[] next = new int[threads];
      ran.forEach(task -> assertThat(task[1]).isEqualTo(next[task[0]]++));
    }
  }

  @Test
  void aTaskThatFailsDoesNotStopTheOnesBehindIt() {
    ModelClock clock = new ModelClock();
    Lane lane = new Lane(clock);
    List<String> ran = new ArrayList<>();
    lane.execute(() -> {
      throw new IllegalStateException("bug");
    });
    lane.execute(() -> ran.add("next"));

    clock.run();

    assertThat(ran).containsExactly("next");
  }

  @Test
  void requestsBeyondTheLimitAreTurnedAwayButOwnWorkIsNot() {
    ModelClock clock = new ModelClock();
    Lane lane = new Lane(clock);
    for (int i = 0; i < Lane.MAX_WAITING; i++) {
      assertThat(lane.offer(() -> {})).isTrue();
    }
    List<String> ran = new ArrayList<>();

    assertThat(lane.offer(() -> ran.add("request"))).isFalse();
    lane.execute(() -> ran.add("own"));
    clock.run();

    assertThat(ran).containsExactly("own");
    assertThat(lane.offer(() -> {})).isTrue();
  }

  @Test
  void tasksLeftWhenTheExecutorClosesAreRunByWhoeverIsThere() {
    List<Runnable> accepted = new ArrayList<>();
    Lane lane =
        new Lane(task -> {
          if (!accepted.isEmpty()) {
            throw new RejectedExecutionException("closed");
          }
          accepted.add(task);
        });
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < 1_000; i++) {
      lane.execute(ran::incrementAndGet);
    }
    accepted.getFirst().run();
    lane.execute(ran::incrementAndGet);

    assertThat(ran.get()).isEqualTo(1_001);
  }
}
