package io.tidemark.tests.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Tasks that are ready: of a single thread, in order, or of a pool, in any order. */
final class Lane {
  private final String name;
  private final boolean ordered;
  private final List<Runnable> tasks = new ArrayList<>();
  private boolean closed;

  Lane(String name, boolean ordered) {
    this.name = name;
    this.ordered = ordered;
  }

  String name() {
    return name;
  }

  boolean isReady() {
    return !closed && !tasks.isEmpty();
  }

  boolean isClosed() {
    return closed;
  }

  /** Takes a task; a closed lane forgets it, as a process that is gone would. */
  void add(Runnable task) {
    if (!closed) {
      tasks.add(task);
    }
  }

  void runOne(RandomGenerator random) {
    tasks.remove(ordered ? 0 : random.nextInt(tasks.size())).run();
  }

  void close() {
    closed = true;
    tasks.clear();
  }
}
