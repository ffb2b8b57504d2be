package io.tidemark.bench.machine;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads the counters of the servers, of the bench's own processes and of the machine. Readings are
 * taken from any thread; two of them make a {@link Usage}. What a server used before it ended
 * counts as well: the kernel adds it to its parent, which is this process.
 */
public final class Meter {
  private final Proc proc;
  private final Supplier<List<Long>> serverPids;
  private final List<Long> helperPids;
  private final int processors;

  /**
   * @param serverPids those that run, at each question
   * @param helperPids the bench's own processes beside the servers: the client and, where there is
   *     one, the object store
   */
  public Meter(Proc proc, Supplier<List<Long>> serverPids, List<Long> helperPids) {
    this.proc = proc;
    this.serverPids = serverPids;
    this.helperPids = List.copyOf(helperPids);
    this.processors = Runtime.getRuntime().availableProcessors();
  }

  /** What the counters say at one moment. */
  public record Reading(long nanoTime, double serverCpu, double helperCpu, double machineBusy) {}

  /** What the counters said before there was a server. */
  public static Reading beforeStart(Proc proc, List<Long> helperPids) throws IOException {
    return read(proc, List.of(), helperPids);
  }

  public Reading read() throws IOException {
    return read(proc, serverPids.get(), helperPids);
  }

  private static Reading read(Proc proc, List<Long> serverPids, List<Long> helperPids)
      throws IOException {
    double ended = proc.endedChildrenCpuSeconds(ProcessHandle.current().pid());
    return new Reading(
        System.nanoTime(),
        ended + cpuSeconds(proc, serverPids),
        cpuSeconds(proc, helperPids),
        proc.busySeconds());
  }

  private static double cpuSeconds(Proc proc, List<Long> pids) throws IOException {
    double sum = 0;
    for (long pid : pids) {
      sum += proc.cpuSeconds(pid);
    }
    return sum;
  }

  public Usage since(Reading start) throws IOException {
    return between(start, read(), processors);
  }

  /** Of all servers together. */
  public long peakResidentBytes() throws IOException {
    long sum = 0;
    for (long pid : serverPids.get()) {
      sum += proc.peakResidentBytes(pid);
    }
    return sum;
  }

  static Usage between(Reading start, Reading end, int processors) {
    double wall = (end.nanoTime - start.nanoTime) / 1e9;
    double server = end.serverCpu - start.serverCpu;
    double own = server + end.helperCpu - start.helperCpu;
    double others = end.machineBusy - start.machineBusy - own;
    double share = wall == 0 ? 0 : Math.clamp(others / (wall * processors), 0, 1);
    return new Usage(wall, server, share);
  }
}
