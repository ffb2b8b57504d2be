package io.tidemark.bench.machine;

import java.io.IOException;
import java.util.List;

/**
 * Reads the counters of one server, of the bench's own processes and of the machine. Readings are
 * taken from any thread; two of them make a {@link Usage}.
 */
public final class Meter {
  private final Proc proc;
  private final long serverPid;
  private final List<Long> helperPids;
  private final int processors;

  /**
   * @param helperPids the bench's own processes beside the server: the client and, where there is
   *     one, the object store
   */
  public Meter(Proc proc, long serverPid, List<Long> helperPids) {
    this.proc = proc;
    this.serverPid = serverPid;
    this.helperPids = List.copyOf(helperPids);
    this.processors = Runtime.getRuntime().availableProcessors();
  }

  /** What the counters say at one moment. */
  public record Reading(long nanoTime, double serverCpu, double helperCpu, double machineBusy) {}

  /** What the counters said before there was a server. */
  public static Reading beforeStart(Proc proc, List<Long> helperPids) throws IOException {
    return read(proc, 0, helperPids);
  }

  public Reading read() throws IOException {
    return read(proc, proc.cpuSeconds(serverPid), helperPids);
  }

  private static Reading read(Proc proc, double serverCpu, List<Long> helperPids)
      throws IOException {
    double helpers = 0;
    for (long pid : helperPids) {
      helpers += proc.cpuSeconds(pid);
    }
    return new Reading(System.nanoTime(), serverCpu, helpers, proc.busySeconds());
  }

  public Usage since(Reading start) throws IOException {
    return between(start, read(), processors);
  }

  public long peakResidentBytes() throws IOException {
    return proc.peakResidentBytes(serverPid);
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
