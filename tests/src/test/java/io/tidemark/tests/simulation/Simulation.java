package io.tidemark.tests.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time on the calling thread, in an order drawn from a seed. A task that is
 * ready runs before time moves; time moves to the next timer when nothing is ready.
 */
public final class Simulation {
  private static final long START_MS = 1_800_000_000_000L;

  private final CountedRandom random;
  private final Trace trace;

  /** In the order in which they were made. */
  private final List<Lane> ready = new ArrayList<>();

  private final PriorityQueue<SimulatedTimer> timers = new PriorityQueue<>();
  private final SimulatedTime time = new SimulatedTime(this);
  private long nowNs;
  private long lanes;
  private long timerSequence;
  private long steps;

  public Simulation(long seed) {
    this.random = new CountedRandom(seed);
    this.trace = new Trace(seed);
  }

  public RandomGenerator random() {
    return random;
  }

  public SimulatedTime time() {
    return time;
  }

  public long nowNs() {
    return nowNs;
  }

  public long wallClockMs() {
    return START_MS + nowNs / 1_000_000;
  }

  public long steps() {
    return steps;
  }

  /** A number that two runs share exactly when they did the same at the same times. */
  public long trace() {
    return trace.digest();
  }

  /** Makes something that just happened part of the trace, beside the steps themselves. */
  public void note(String what, Object whom, long detail) {
    trace.note(nowNs, what, whom, detail);
  }

  /** A process whose tasks end with it. */
  public SimulatedProcess process(String name) {
    return new SimulatedProcess(this, name);
  }

  long nextLane() {
    return lanes++;
  }

  /** A lane has something to run now, or no more. */
  void ready(Lane lane, boolean isReady) {
    int at = Collections.binarySearch(ready, lane);
    if (isReady) {
      ready.add(-at - 1, lane);
    } else {
      ready.remove(at);
    }
  }

  SimulatedTimer schedule(Lane lane, Runnable task, long delayNs, long periodNs) {
    SimulatedTimer timer =
        new SimulatedTimer(lane, task, nowNs + Math.max(0, delayNs), periodNs, timerSequence++);
    timers.add(timer);
    return timer;
  }

  void again(SimulatedTimer timer) {
    timers.add(timer);
  }

  /**
   * Runs until the condition holds.
   *
   * @throws AssertionError when it does not within so much simulated time, or nothing is left to do
   */
  public void runUntil(String what, long maxMs, BooleanSupplier condition) {
    long endNs = nowNs + maxMs * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (nowNs > endNs || !step()) {
        throw new AssertionError(
            "%s did not come about within %d simulated ms (at %d ms, %d steps)"
                .formatted(what, maxMs, nowNs / 1_000_000, steps));
      }
    }
  }

  /** Runs for so much simulated time. */
  public void runFor(long ms) {
    long endNs = nowNs + ms * 1_000_000;
    boolean[] due = new boolean[1];
    Lane lane = new Lane(this, "alarm", true);
    schedule(lane, () -> due[0] = true, endNs - nowNs, 0);
    runUntil("the end of a pause", ms + 1, () -> due[0]);
  }

  /** Runs one task; answers false when there is none, now or later. */
  public boolean step() {
    if (ready.isEmpty()) {
      return advance();
    }
    Lane lane = ready.get(random.nextInt(ready.size()));
    trace.note(nowNs, "step", lane.name(), random.drawn());
    steps++;
    lane.runOne(random);
    return true;
  }

  /** Moves to the next time at which something is due, and makes ready all that is due then. */
  private boolean advance() {
    SimulatedTimer next = nextTimer();
    if (next == null) {
      return false;
    }
    nowNs = Math.max(nowNs, next.dueNs());
    while (next != null && next.dueNs() <= nowNs) {
      timers.remove(next);
      next.fire(this);
      next = nextTimer();
    }
    return true;
  }

  private @Nullable SimulatedTimer nextTimer() {
    SimulatedTimer next = timers.peek();
    while (next != null && (next.isCancelled() || next.lane().isClosed())) {
      timers.remove(next);
      next = timers.peek();
    }
    return next;
  }
}
