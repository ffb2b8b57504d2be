package io.tidemark.gateway.fetch;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;

/** An event loop whose tasks run when the test says so; it has no thread of its own. */
final class StressedLoop extends ScheduledThreadPoolExecutor {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger taken = new AtomicInteger();

  StressedLoop() {
    super(0);
  }

  @Override
  public void execute(Runnable task) {
    taken.incrementAndGet();
    tasks.add(task);
  }

  /** Until none is left; one thread at a time. */
  void runAll() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** How many tasks there were so far. */
  int tasks() {
    return taken.get();
  }

  static FetchedPartition partition(FetchSession session, int partition) {
    return session.fetch(
        PartitionKey.of((short) 13, new Uuid(7, 7), "", partition), new FetchPartition());
  }
}
