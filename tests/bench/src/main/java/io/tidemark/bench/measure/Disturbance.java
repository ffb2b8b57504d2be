package io.tidemark.bench.measure;

import java.util.Comparator;
import java.util.List;

/**
 * Which pairs count.
 *
 * @param limit part of the machine that others may use during a run, from 0 to 1
 */
public record Disturbance(double limit) {
  /** Pairs to compare, and whether they had to be taken although they were disturbed. */
  public record Kept(List<Pair> pairs, boolean isDisturbed) {}

  public boolean isDisturbed(Pair pair) {
    return pair.othersShare() > limit;
  }

  /** All pairs that nobody disturbed; when there is none, the one that was disturbed least. */
  public Kept keep(List<Pair> pairs) {
    List<Pair> quiet = pairs.stream().filter(pair -> !isDisturbed(pair)).toList();
    if (!quiet.isEmpty() || pairs.isEmpty()) {
      return new Kept(quiet, false);
    }
    Pair least = pairs.stream().min(Comparator.comparingDouble(Pair::othersShare)).orElseThrow();
    return new Kept(List.of(least), true);
  }
}
