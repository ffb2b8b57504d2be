package io.tidemark.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's files about processes and the machine, read anew at each question. */
public record Proc(Path root) {
  /** Linux shows times to users in hundredths of a second, whatever its timer does. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final int CUTIME = 13;
  private static final int CSTIME = 14;
  private static final long KIB = 1024;

  public static Proc ofThisMachine() {
    return new Proc(Path.of("/proc"));
  }

  /** Processor seconds, of user and kernel, that the process has used since its start. */
  public double cpuSeconds(long pid) throws IOException {
    return parseCpuSeconds(Files.readString(root.resolve(pid + "/stat")));
  }

  /** Processor seconds of all children of the process that have ended and were waited for. */
  public double endedChildrenCpuSeconds(long pid) throws IOException {
    return parseEndedChildrenCpuSeconds(Files.readString(root.resolve(pid + "/stat")));
  }

  /** Processor seconds that all processes, the kernel and other guests took since boot. */
  public double busySeconds() throws IOException {
    return parseBusySeconds(Files.readString(root.resolve("stat")));
  }

  public long residentBytes(long pid) throws IOException {
    return parseMemory(Files.readString(root.resolve(pid + "/status")), "VmRSS:");
  }

  /** The most that was ever resident at one time. */
  public long peakResidentBytes(long pid) throws IOException {
    return parseMemory(Files.readString(root.resolve(pid + "/status")), "VmHWM:");
  }

  /** The name of a process stands in brackets and may hold anything: fields count from behind. */
  static double parseCpuSeconds(String stat) {
    return sumOfTimes(stat, UTIME, STIME);
  }

  static double parseEndedChildrenCpuSeconds(String stat) {
    return sumOfTimes(stat, CUTIME, CSTIME);
  }

  private static double sumOfTimes(String stat, int first, int second) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[first]) + Long.parseLong(fields[second])) / TICKS_PER_SECOND;
  }

  /**
   * The first line: {@code cpu user nice system idle iowait irq softirq steal guest guest_nice},
   * all but idle and iowait; guests are in user already.
   */
  static double parseBusySeconds(String stat) {
    String[] fields = stat.lines().findFirst().orElse("").trim().split(" +", -1);
    long ticks = 0;
    for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  static long parseMemory(String status, String key) {
    return status
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).trim().split(" +", -1)[0])
        .mapToLong(kib -> Long.parseLong(kib) * KIB)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + key + " in\n" + status));
  }
}
