package io.tidemark.gateway.security.audit;

import io.micrometer.core.instrument.Counter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One sink with the queue before it. Whoever tells something leaves it in the queue; one task at a
 * time takes out what is there, on the lane's thread. What finds the queue full, or cannot be
 * written, is counted.
 */
final class AuditLane implements AutoCloseable {

  private record Told(AuditEvent event, long timeMs) {}

  private final int nodeId;
  private final AuditSink sink;
  private final Executor thread;
  private final Counter dropped;
  private final BlockingQueue<Told> queue;
  private final AtomicBoolean isDraining = new AtomicBoolean();
  private final Repeats repeats = new Repeats(); // guarded by this

  AuditLane(int nodeId, AuditSink sink, int queueSize, Executor thread, Counter dropped) {
    this.nodeId = nodeId;
    this.sink = sink;
    this.thread = thread;
    this.dropped = dropped;
    this.queue = new ArrayBlockingQueue<>(queueSize);
  }

  void tell(AuditEvent event, long timeMs) {
    if (!queue.offer(new Told(event, timeMs))) {
      dropped.increment();
    } else if (isDraining.compareAndSet(false, true)) {
      startDraining();
    }
  }

  private void startDraining() {
    try {
      thread.execute(this::drain);
    } catch (RejectedExecutionException e) {
      isDraining.set(false); // the node stops; closing writes what is left
    }
  }

  private void drain() {
    isDraining.set(false); // first, so that what comes meanwhile finds a task behind this one
    writeAll();
  }

  private synchronized void writeAll() {
    for (Told next = queue.poll(); next != null; next = queue.poll()) {
      int repeated = repeats.admit(next.event, next.timeMs);
      if (repeated >= 0 && !sink.write(AuditLine.of(next.event, next.timeMs, nodeId, repeated))) {
        dropped.increment();
      }
    }
  }

  /** Writes what is left. */
  @Override
  public void close() {
    writeAll();
    sink.close();
  }
}
