package io.tidemark.gateway.node;

import io.tidemark.log.disk.Disk;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;

/**
 * What a node takes from its machine: clock, randomness, threads and disk. Real in a process
 * ({@link MachinePorts}), simulated in tests, where everything made here runs on one thread.
 *
 * <p>Who gets an executor here need not close it: closing the ports ends all of them.
 */
public interface NodePorts extends AutoCloseable {
  long CLOSE_MS = 3_000;

  Time time();

  /** Safe from any thread. */
  RandomGenerator random();

  Disk disk();

  /** The machine's memory, most of which is its page cache. */
  long memoryBytes();

  /** An executor with one thread: tasks run in order, one at a time. */
  ScheduledExecutorService thread(String name);

  /** An executor with so many threads, for work on CPU or disk. */
  ScheduledExecutorService pool(String name, int threads);

  /** Makes virtual threads, which only wait for the network. */
  ThreadFactory virtualThreads(String name);

  /** Ends all threads made here and waits so long for them. Idempotent. */
  void close(long waitMs);

  @Override
  default void close() {
    close(CLOSE_MS);
  }
}
