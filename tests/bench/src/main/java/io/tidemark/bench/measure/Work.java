package io.tidemark.bench.measure;

import org.HdrHistogram.Histogram;

/**
 * What a client got done.
 *
 * @param bytes of record values, before compression
 * @param units requests, topics or whatever else is counted one by one; 0 where nothing is
 * @param latency in microseconds, from the moment a record was due; empty where none was taken
 */
public record Work(long records, long bytes, long units, Histogram latency) {
  private static final int DIGITS = 3;

  public static Work nothing() {
    return new Work(0, 0, 0, new Histogram(DIGITS));
  }

  public static Work records(long records, long bytes) {
    return new Work(records, bytes, 0, new Histogram(DIGITS));
  }

  public static Work units(long units) {
    return new Work(0, 0, units, new Histogram(DIGITS));
  }

  public Work withUnits(long counted) {
    return new Work(records, bytes, counted, latency);
  }

  public Work plus(Work other) {
    Histogram both = latency.copy();
    both.add(other.latency);
    return new Work(records + other.records, bytes + other.bytes, units + other.units, both);
  }
}
