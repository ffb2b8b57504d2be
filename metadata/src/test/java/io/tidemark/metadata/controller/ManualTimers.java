package io.tidemark.metadata.controller;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;

/** Timers that run when the test says so, by the test's clock. One thread. */
public final class ManualTimers extends AbstractExecutorService
    implements ScheduledExecutorService {
  private final Time time;
  private final List<Timer> timers = new ArrayList<>();

  private final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {
    private final long everyNs;
    private long dueNs;

    Timer(Runnable task, long delayNs, long everyNs) {
      super(task, null);
      this.everyNs = everyNs;
      dueNs = time.nanoseconds() + delayNs;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNs - time.nanoseconds(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    void fire() {
      if (everyNs > 0 && runAndReset()) {
        dueNs = time.nanoseconds() + everyNs;
        timers.add(this);
      } else if (everyNs == 0) {
        run();
      }
    }
  }

  public ManualTimers(Time time) {
    this.time = time;
  }

  /** Runs the timers that are due; false when none was. */
  public boolean runDue() {
    List<Timer> due =
        timers.stream()
            .filter(timer -> timer.getDelay(TimeUnit.NANOSECONDS) <= 0)
            .sorted(Comparator.naturalOrder())
            .toList();
    timers.removeAll(due);
    due.stream().filter(timer -> !timer.isCancelled()).forEach(Timer::fire);
    return !due.isEmpty();
  }

  private Timer add(Runnable task, long delay, long every, TimeUnit unit) {
    Timer timer = new Timer(task, unit.toNanos(delay), unit.toNanos(every));
    timers.add(timer);
    return timer;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return add(task, delay, 0, unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long delay, long every, TimeUnit unit) {
    return add(task, delay, every, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long delay, long every, TimeUnit unit) {
    return add(task, delay, every, unit);
  }

  @Override
  public void execute(Runnable task) {
    add(task, 0, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public void shutdown() {
    timers.clear();
  }

  @Override
  public List<Runnable> shutdownNow() {
    timers.clear();
    return List.of();
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
