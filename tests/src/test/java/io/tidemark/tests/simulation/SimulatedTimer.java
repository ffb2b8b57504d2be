package io.tidemark.tests.simulation;

/** A task that becomes ready at a time, once or again and again. */
final class SimulatedTimer implements Comparable<SimulatedTimer> {
  private final Lane lane;
  private final Runnable task;
  private final long periodNs;
  private final long sequence;
  private long dueNs;
  private boolean cancelled;

  SimulatedTimer(Lane lane, Runnable task, long dueNs, long periodNs, long sequence) {
    this.lane = lane;
    this.task = task;
    this.dueNs = dueNs;
    this.periodNs = periodNs;
    this.sequence = sequence;
  }

  Lane lane() {
    return lane;
  }

  long dueNs() {
    return dueNs;
  }

  boolean isCancelled() {
    return cancelled;
  }

  void cancel() {
    cancelled = true;
  }

  void fire(Simulation simulation) {
    lane.add(() -> {
      if (!cancelled) {
        task.run();
      }
    });
    if (periodNs > 0) {
      dueNs += periodNs;
      simulation.again(this);
    }
  }

  @Override
  public int compareTo(SimulatedTimer other) {
    int byTime = Long.compare(dueNs, other.dueNs);
    return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
  }
}
