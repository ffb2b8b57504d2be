package io.tidemark.gateway.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop: the landing buffer they share, those with something to do, and
 * the regular look for those that keep the node waiting.
 *
 * <p>Whoever answers a request from elsewhere only marks its connection {@link #ready}; however
 * many are marked meanwhile, one task of the loop serves them all, with one flush each. {@code
 * ready} may be called from any thread, everything else by the loop alone.
 */
final class ConnectionLoop {
  private final EventLoop loop;
  private final LandingBuffer landing;
  private final Set<Connection> open = new HashSet<>();
  private final AtomicReference<@Nullable Connection> ready = new AtomicReference<>();
  private final AtomicBoolean isScheduled = new AtomicBoolean();

  ConnectionLoop(EventLoop loop, ByteBufAllocator allocator) {
    this.loop = loop;
    this.landing = new LandingBuffer(allocator);
  }

  EventLoop loop() {
    return loop;
  }

  LandingBuffer landing() {
    return landing;
  }

  void add(Connection connection) {
    open.add(connection);
  }

  void remove(Connection connection) {
    open.remove(connection);
  }

  /** The connection has something to do: a turn is its due. */
  void ready(Connection connection) {
    if (!connection.markReady()) {
      return;
    }
    Connection first = ready.get();
    connection.nextReady = first;
    while (!ready.compareAndSet(first, connection)) {
      first = ready.get();
      connection.nextReady = first;
    }
    if (isScheduled.compareAndSet(false, true)) {
      schedule();
    }
  }

  private void schedule() {
    try {
      loop.execute(this::serveReady);
    } catch (RejectedExecutionException e) {
      // the loop has ended and has closed its connections
      isScheduled.set(false);
    }
  }

  private void serveReady() {
    isScheduled.set(false); // before the list is taken: who comes later schedules again
    Connection next = inOrder(ready.getAndSet(null));
    while (next != null) {
      Connection connection = next;
      next = connection.nextReady;
      connection.nextReady = null;
      connection.clearReady();
      connection.serve();
    }
  }

  /** The list is a stack; first come, first served. */
  private static @Nullable Connection inOrder(@Nullable Connection stack) {
    Connection reversed = null;
    Connection rest = stack;
    while (rest != null) {
      Connection next = rest.nextReady;
      rest.nextReady = reversed;
      reversed = rest;
      rest = next;
    }
    return reversed;
  }

  void startSweeping(long intervalMs) {
    var _ = loop.scheduleWithFixedDelay(this::sweep, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    List<Connection> overdue = new ArrayList<>(0);
    for (Connection connection : open) {
      if (connection.isOverdue()) {
        overdue.add(connection);
      }
    }
    overdue.forEach(Connection::closeOverdue);
  }

  /** Closes connections, the least recently used first, while the node has more than it may. */
  void closeExcess(ConnectionLimits limits) {
    List<Connection> oldestFirst =
        open.stream()
            .filter(connection -> limits.mayBeClosed(connection.listenerName()))
            .sorted((a, b) -> Long.signum(a.activeNs() - b.activeNs()))
            .toList();
    for (Connection connection : oldestFirst) {
      if (!limits.claimExcess()) {
        return;
      }
      connection.closeForLimit();
      limits.excessLeft();
    }
  }

  /** Starts the end of every connection of this loop. */
  void drain() {
    List.copyOf(open).forEach(Connection::drain);
  }

  /** Closes every connection of this loop and gives the landing buffer back. */
  void close() {
    List.copyOf(open).forEach(Connection::closeForShutdown);
    landing.close();
  }
}
