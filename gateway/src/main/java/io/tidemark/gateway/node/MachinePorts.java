package io.tidemark.gateway.node;

import com.sun.management.OperatingSystemMXBean;
import io.tidemark.log.disk.Disk;
import io.tidemark.log.disk.FileSystemDisk;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's own clock, randomness, threads and disk. Threads are daemons: the node ends by
 * closing, not by their ending. None is ever interrupted, since it may be inside a file channel.
 */
final class MachinePorts implements NodePorts {
  private static final Logger LOG = LoggerFactory.getLogger(MachinePorts.class);

  private final SecureRandom random = new SecureRandom();
  private final Disk disk = new FileSystemDisk();
  private final List<NodeExecutor> executors = new ArrayList<>();

  @Override
  public Time time() {
    return Time.SYSTEM;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Disk disk() {
    return disk;
  }

  @Override
  public long memoryBytes() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
        ? machine.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  @Override
  public ScheduledExecutorService thread(String name) {
    return pool(name, 1);
  }

  @Override
  public synchronized ScheduledExecutorService pool(String name, int threads) {
    ThreadFactory factory =
        Thread.ofPlatform()
            .daemon()
            .name(threads == 1 ? name : name + "-", 0)
            .uncaughtExceptionHandler(MachinePorts::uncaught)
            .factory();
    NodeExecutor executor = new NodeExecutor(name, threads, factory);
    executors.add(executor);
    return executor;
  }

  @Override
  public ThreadFactory virtualThreads(String name) {
    return Thread.ofVirtual()
        .name(name + "-", 0)
        .uncaughtExceptionHandler(MachinePorts::uncaught)
        .factory();
  }

  @Override
  public synchronized void close(long waitMs) {
    executors.forEach(NodeExecutor::shutdown);
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
    for (NodeExecutor executor : executors) {
      awaitEnd(executor, endNs - System.nanoTime());
    }
    executors.clear();
  }

  private static void awaitEnd(NodeExecutor executor, long waitNs) {
    try {
      if (!executor.awaitTermination(Math.max(0, waitNs), TimeUnit.NANOSECONDS)) {
        LOG.warn("threads did not end in time: {}", executor);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void uncaught(Thread thread, Throwable thrown) {
    LOG.error("uncaught in {}", thread.getName(), thrown);
  }
}
