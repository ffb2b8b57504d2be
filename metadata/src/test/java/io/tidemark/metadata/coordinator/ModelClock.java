package io.tidemark.metadata.coordinator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;

/**
 * Time, timers and an executor in one thread: nothing runs but within {@link #run} and {@link
 * #advance}, and always in the same order.
 */
public final class ModelClock extends AbstractExecutorService
    implements Time, ScheduledExecutorService {
  private final Deque<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.<Timer>comparingLong(t -> t.atMs).thenComparingLong(t -> t.order));
  private long nowMs = 1_000_000;
  private long wallClockOffsetMs = 1_700_000_000_000L;
  private long order;

  /** Runs what is ready, and what becomes ready by it. */
  public void run() {
    for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
      task.run();
    }
  }

  /** Lets time pass, running everything due on the way at its own moment. */
  public void advance(long ms) {
    long untilMs = nowMs + ms;
    run();
    for (Timer first = timers.peek();
        first != null && first.atMs <= untilMs;
        first = timers.peek()) {
      timers.remove();
      nowMs = Math.max(nowMs, first.atMs);
      first.run();
      run();
    }
    nowMs = untilMs;
  }

  /** Moves the wall clock alone, as an operator does. */
  public void jumpWallClock(long ms) {
    wallClockOffsetMs += ms;
  }

  @Override
  public long milliseconds() {
    return nowMs + wallClockOffsetMs;
  }

  @Override
  public long nanoseconds() {
    return TimeUnit.MILLISECONDS.toNanos(nowMs);
  }

  @Override
  public long hiResClockMs() {
    return nowMs;
  }

  @Override
  public void sleep(long ms) {
    throw new IllegalStateException("nobody may sleep here");
  }

  @Override
  public void execute(Runnable task) {
    ready.add(task);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    Timer timer = new Timer(task, nowMs + unit.toMillis(delay), order++);
    timers.add(timer);
    return timer;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long first, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long first, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  /** Timers that are set; cancelled ones do not count. */
  public int timersSet() {
    return (int) timers.stream().filter(timer -> !timer.isCancelled()).count();
  }

  private final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {
    private final long atMs;
    private final long order;

    Timer(Runnable task, long atMs, long order) {
      super(task, null);
      this.atMs = atMs;
      this.order = order;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      timers.remove(this);
      return super.cancel(mayInterrupt);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(atMs - nowMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.MILLISECONDS), other.getDelay(TimeUnit.MILLISECONDS));
    }
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return new ArrayList<>();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
