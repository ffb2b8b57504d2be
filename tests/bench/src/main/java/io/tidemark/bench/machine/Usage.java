package io.tidemark.bench.machine;

/**
 * What a stretch of time cost.
 *
 * @param othersShare part of the whole machine, from 0 to 1, that was used by neither the server
 *     nor the bench's own processes
 */
public record Usage(double wallSeconds, double serverCpuSeconds, double othersShare) {
  public static final Usage NONE = new Usage(0, 0, 0);

  /** Both stretches together; the share of others is weighted by time. */
  public Usage plus(Usage other) {
    double wall = wallSeconds + other.wallSeconds;
    double others = othersShare * wallSeconds + other.othersShare * other.wallSeconds;
    return new Usage(
        wall, serverCpuSeconds + other.serverCpuSeconds, wall == 0 ? 0 : others / wall);
  }
}
