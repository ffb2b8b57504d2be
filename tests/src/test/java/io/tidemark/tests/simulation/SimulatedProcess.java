package io.tidemark.tests.simulation;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;

/** Everything that runs on behalf of one process, and stops at once when it is killed. */
public final class SimulatedProcess {
  private final Simulation simulation;
  private final String name;
  private final List<Lane> lanes = new ArrayList<>();
  private int threads;

  SimulatedProcess(Simulation simulation, String name) {
    this.simulation = simulation;
    this.name = name;
  }

  /** An executor with one thread: tasks run in order. */
  public ScheduledExecutorService thread(String threadName) {
    return new SimulatedExecutor(simulation, lane(threadName, true));
  }

  /** An executor with several threads: tasks run in any order. */
  public ScheduledExecutorService pool(String poolName) {
    return new SimulatedExecutor(simulation, lane(poolName, false));
  }

  /** Makes virtual threads that the simulation schedules. */
  public ThreadFactory virtualThreads(String factoryName) {
    Lane lane = lane(factoryName, false);
    Executor scheduler = lane::add;
    return task -> virtualThread(scheduler, name + "/" + factoryName + "-" + threads++, task);
  }

  /** The process is gone: nothing of it runs any more. */
  public void kill() {
    lanes.forEach(Lane::close);
  }

  /** SIGSTOP and SIGCONT: nothing runs in between, and everything comes late. */
  public void pause(boolean pauses) {
    lanes.forEach(lane -> lane.pause(pauses));
  }

  /** The same for some of its threads, chosen by their names. */
  public void pause(Predicate<String> threadNames, boolean pauses) {
    int prefix = name.length() + 1;
    lanes.stream()
        .filter(lane -> threadNames.test(lane.name().substring(prefix)))
        .forEach(lane -> lane.pause(pauses));
  }

  private Lane lane(String laneName, boolean ordered) {
    Lane lane = new Lane(simulation, name + "/" + laneName, ordered);
    lanes.add(lane);
    return lane;
  }

  /** The JDK's own virtual thread over a scheduler of ours; its constructor is not public. */
  private static Thread virtualThread(Executor scheduler, String threadName, Runnable task) {
    try {
      Constructor<?> constructor =
          Class.forName("java.lang.VirtualThread")
              .getDeclaredConstructor(Executor.class, String.class, int.class, Runnable.class);
      constructor.setAccessible(true);
      return (Thread) constructor.newInstance(scheduler, threadName, 0, task);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(
          "virtual threads with a scheduler need --add-opens java.base/java.lang", e);
    }
  }
}
