package io.tidemark.junit;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints what a cluster's start costs in a fresh JVM and what each one after it does. Run by hand
 * with {@code tests/junit/measure}, which also tells where the classes come from; asserts nothing,
 * as a machine's speed is no property of the code.
 */
final class StartMeasurement {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final ClassLoadingMXBean CLASSES = ManagementFactory.getClassLoadingMXBean();

  private StartMeasurement() {}

  /** Takes the number of starts, and of nodes in each. */
  public static void main(String[] args) {
    int starts = Integer.parseInt(args[0]);
    int nodes = Integer.parseInt(args[1]);
    print("start", "ready ms", "thread ms", "process ms", "classes", "stop ms");
    for (int start = 1; start <= starts; start++) {
      measure(start, new ClusterPlan(nodes, Map.of(), List.of(), true));
    }
  }

  /** A moment of this process. */
  private record Moment(long wallNs, long threadNs, long processNs, long classes) {
    static Moment now() {
      return new Moment(
          System.nanoTime(),
          ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(),
          PROCESS.getProcessCpuTime(),
          CLASSES.getTotalLoadedClassCount());
    }
  }

  private static void measure(int start, ClusterPlan plan) {
    Moment before = Moment.now();
    TidemarkCluster cluster = TidemarkCluster.start(plan);
    Moment ready = Moment.now();
    cluster.close();
    print(
        start,
        ms(ready.wallNs - before.wallNs),
        ms(ready.threadNs - before.threadNs),
        ms(ready.processNs - before.processNs),
        ready.classes - before.classes,
        ms(System.nanoTime() - ready.wallNs));
  }

  private static long ms(long ns) {
    return ns / 1_000_000;
  }

  private static void print(Object... columns) {
    System.out.printf(Locale.ROOT, "%-6s%10s%11s%12s%9s%9s%n", columns);
  }
}
