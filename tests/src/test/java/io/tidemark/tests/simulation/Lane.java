package io.tidemark.tests.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Tasks that wait for their turn: of a single thread, in order, or of a pool, in any order. It is
 * among the simulation's ready lanes exactly while it has something to run, is not paused and not
 * closed.
 */
final class Lane implements Comparable<Lane> {
  private final Simulation simulation;
  private final String name;
  private final boolean ordered;
  private final long number;
  private final List<Runnable> tasks = new ArrayList<>();
  private boolean isListed;
  private boolean paused;
  private boolean closed;

  Lane(Simulation simulation, String name, boolean ordered) {
    this.simulation = simulation;
    this.name = name;
    this.ordered = ordered;
    this.number = simulation.nextLane();
  }

  String name() {
    return name;
  }

  boolean isReady() {
    return !closed && !paused && !tasks.isEmpty();
  }

  boolean isClosed() {
    return closed;
  }

  /** Takes a task; a closed lane forgets it, as a process that is gone would. */
  void add(Runnable task) {
    if (!closed) {
      tasks.add(task);
      list();
    }
  }

  /** Nothing runs, and nothing is forgotten, until it goes on. */
  void pause(boolean pauses) {
    paused = pauses;
    list();
  }

  private void list() {
    if (isReady() != isListed) {
      isListed = !isListed;
      simulation.ready(this, isListed);
    }
  }

  void runOne(RandomGenerator random) {
    Runnable task = tasks.remove(ordered ? 0 : random.nextInt(tasks.size()));
    list();
    task.run();
  }

  void close() {
    closed = true;
    tasks.clear();
    list();
  }

  /** Lanes stand in the order in which they were made. */
  @Override
  public int compareTo(Lane other) {
    return Long.compare(number, other.number);
  }
}
