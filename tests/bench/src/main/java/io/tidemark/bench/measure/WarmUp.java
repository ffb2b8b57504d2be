package io.tidemark.bench.measure;

import java.util.List;

/** When a server and its client count as warmed up. */
public final class WarmUp {
  private static final int PASSES = 3;
  private static final double TOLERANCE = 0.05;

  private WarmUp() {}

  /**
   * Whether the newest three passes cost the same within 5 %: the dearest no more than that above
   * the cheapest.
   */
  public static boolean isSteady(List<Double> costs) {
    if (costs.size() < PASSES) {
      return false;
    }
    List<Double> newest = costs.subList(costs.size() - PASSES, costs.size());
    double least = newest.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double most = newest.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    return most - least < TOLERANCE * least || most == least;
  }
}
