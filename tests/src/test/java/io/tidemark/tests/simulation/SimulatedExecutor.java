package io.tidemark.tests.simulation;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An executor whose tasks run on a lane of a simulation, at simulated times. */
final class SimulatedExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final Simulation simulation;
  private final Lane lane;
  private boolean shutdown;

  SimulatedExecutor(Simulation simulation, Lane lane) {
    this.simulation = simulation;
    this.lane = lane;
  }

  @Override
  public void execute(Runnable task) {
    if (!shutdown) {
      lane.add(task);
    }
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return new Scheduled<>(new FutureTask<@Nullable Object>(command, null), unit.toNanos(delay), 0);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return new Scheduled<>(new FutureTask<>(callable), unit.toNanos(delay), 0);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return new Scheduled<>(new Repeated(command), unit.toNanos(initialDelay), unit.toNanos(period));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return scheduleAtFixedRate(command, initialDelay, delay, unit);
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    lane.close();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && !lane.isReady();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }

  /** A task that may run again. */
  private static final class Repeated extends FutureTask<@Nullable Object> {
    Repeated(Runnable task) {
      super(task, null);
    }

    @Override
    public void run() {
      runAndReset();
    }
  }

  private final class Scheduled<V> implements ScheduledFuture<V> {
    private final FutureTask<V> task;
    private final SimulatedTimer timer;

    Scheduled(FutureTask<V> task, long delayNs, long periodNs) {
      this.task = task;
      this.timer = simulation.schedule(lane, this::runUnlessShutDown, delayNs, periodNs);
    }

    private void runUnlessShutDown() {
      if (!shutdown) {
        task.run();
      }
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(timer.dueNs() - simulation.nowNs(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      timer.cancel();
      return task.cancel(false);
    }

    @Override
    public boolean isCancelled() {
      return task.isCancelled();
    }

    @Override
    public boolean isDone() {
      return task.isDone();
    }

    @Override
    public V get() throws InterruptedException, java.util.concurrent.ExecutionException {
      return task.get();
    }

    @Override
    public V get(long timeout, TimeUnit unit)
        throws InterruptedException,
            java.util.concurrent.ExecutionException,
            java.util.concurrent.TimeoutException {
      return task.get(timeout, unit);
    }
  }
}
