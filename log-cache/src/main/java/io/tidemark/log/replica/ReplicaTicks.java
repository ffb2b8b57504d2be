package io.tidemark.log.replica;

import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked at as time passes: directories often, followers and flushes now and then, idle
 * producers seldom. Run by one timer.
 */
final class ReplicaTicks implements Runnable {
  static final long INTERVAL_MS = 500;

  private static final Logger log = LoggerFactory.getLogger(ReplicaTicks.class);
  private static final long PRODUCER_CHECK_MS = 600_000;

  private final NodeParts node;
  private final Collection<Replica> replicas;
  private final DirectoryWatch directories;
  private long producersCheckedMs;

  ReplicaTicks(NodeParts node, Collection<Replica> replicas, DirectoryWatch directories) {
    this.node = node;
    this.replicas = replicas;
    this.directories = directories;
    this.producersCheckedMs = node.time().milliseconds();
  }

  @Override
  public void run() {
    try {
      directories.check();
      replicas.forEach(Replica::tick);
      maybeExpireProducers();
    } catch (RuntimeException e) {
      // A timer task that throws is never run again.
      log.error("A periodic check of replicas failed", e);
    }
  }

  private void maybeExpireProducers() {
    long nowMs = node.time().milliseconds();
    if (nowMs - producersCheckedMs >= PRODUCER_CHECK_MS) {
      producersCheckedMs = nowMs;
      replicas.forEach(Replica::expireProducers);
    }
  }
}
