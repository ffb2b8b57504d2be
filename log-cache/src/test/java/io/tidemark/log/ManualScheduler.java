package io.tidemark.log;

import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer that goes with a {@link ManualTime}: due tasks run, in order, when a test says so, on the
 * test's thread. Tasks given without a delay run at once.
 */
public final class ManualScheduler extends AbstractExecutorService
    implements ScheduledExecutorService {
  private final ManualTime time;
  private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>();
  private long sequence;
  private boolean isShutdown;

  public ManualScheduler(ManualTime time) {
    this.time = time;
  }

  /** Moves the clock, and runs what becomes due at its time. */
  public void advanceMs(long ms) {
    long untilMs = time.milliseconds() + ms;
    for (Task<?> next = tasks.peek(); next != null && next.atMs <= untilMs; next = tasks.peek()) {
      tasks.remove();
      time.advanceMs(Math.max(0, next.atMs - time.milliseconds()));
      next.runOnce();
    }
    time.advanceMs(Math.max(0, untilMs - time.milliseconds()));
  }

  private final class Task<V extends @Nullable Object> extends FutureTask<V>
      implements ScheduledFuture<V> {
    private final long order = sequence++;
    private final long periodMs;
    private long atMs;

    Task(Callable<V> work, long delayMs, long periodMs) {
      super(work);
      this.atMs = time.milliseconds() + delayMs;
      this.periodMs = periodMs;
    }

    void runOnce() {
      if (isCancelled()) {
        return;
      }
      if (periodMs == 0) {
        run();
      } else if (runAndReset()) {
        atMs = time.milliseconds() + periodMs;
        tasks.add(this);
      }
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(atMs - time.milliseconds(), TimeUnit.MILLISECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      Task<?> task = (Task<?>) other;
      int byTime = Long.compare(atMs, task.atMs);
      return byTime == 0 ? Long.compare(order, task.order) : byTime;
    }
  }

  private <V extends @Nullable Object> Task<V> add(Task<V> task) {
    tasks.add(task);
    return task;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return add(new Task<Object>(callable(command), unit.toMillis(delay), 0));
  }

  private static Callable<Object> callable(Runnable command) {
    return () -> {
      command.run();
      return true;
    };
  }

  @Override
  public <V extends @Nullable Object> ScheduledFuture<V> schedule(
      Callable<V> callable, long delay, TimeUnit unit) {
    return add(new Task<>(callable, unit.toMillis(delay), 0));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return scheduleWithFixedDelay(command, initialDelay, period, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return add(
        new Task<Object>(callable(command), unit.toMillis(initialDelay), unit.toMillis(delay)));
  }

  @Override
  public void execute(Runnable command) {
    command.run();
  }

  @Override
  public void shutdown() {
    isShutdown = true;
    tasks.clear();
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return isShutdown;
  }

  @Override
  public boolean isTerminated() {
    return isShutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
