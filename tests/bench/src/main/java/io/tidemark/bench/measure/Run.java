package io.tidemark.bench.measure;

import io.tidemark.bench.server.Side;
import java.util.Map;

/**
 * One measurement of one side on a fresh server.
 *
 * @param pair counts from 1; the runs of a pair follow each other
 * @param othersShare part of the machine that somebody else used while it was measured
 * @param isSteady whether the warm-up ended by itself, not by its limit
 */
public record Run(
    String caseName,
    Side side,
    int pair,
    Map<Quantity, Double> values,
    double othersShare,
    int warmUpPasses,
    boolean isSteady) {
  public Run {
    values = Map.copyOf(values);
  }
}
