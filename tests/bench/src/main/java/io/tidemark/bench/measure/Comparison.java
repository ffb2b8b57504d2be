package io.tidemark.bench.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One quantity of both sides.
 *
 * @param first median of the first side
 * @param second median of the second side
 * @param ratio median of second over first, pair by pair
 * @param isDisturbed whether only a disturbed pair was there
 * @param isSteady whether every run's warm-up ended by itself, none at its limit
 */
public record Comparison(
    double first,
    double second,
    double ratio,
    double leastRatio,
    double greatestRatio,
    int pairs,
    boolean isDisturbed,
    boolean isSteady) {
  /** Nothing where no pair has the quantity. */
  public static Optional<Comparison> of(Disturbance.Kept kept, Quantity quantity) {
    List<Pair> pairs =
        kept.pairs().stream()
            .filter(pair -> pair.first().values().containsKey(quantity))
            .filter(pair -> pair.second().values().containsKey(quantity))
            .toList();
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    double[] first = sorted(pairs, pair -> value(pair.first(), quantity));
    double[] second = sorted(pairs, pair -> value(pair.second(), quantity));
    double[] ratios =
        sorted(pairs, pair -> ratio(value(pair.first(), quantity), value(pair.second(), quantity)));
    return Optional.of(
        new Comparison(
            median(first),
            median(second),
            median(ratios),
            ratios[0],
            ratios[ratios.length - 1],
            pairs.size(),
            kept.isDisturbed(),
            pairs.stream().allMatch(Pair::isSteady)));
  }

  /** What the target judges: the ratio, or the second side alone. */
  public double judged(Target target) {
    return switch (target) {
      case Target.Ratio any -> ratio;
      case Target.Absolute any -> second;
    };
  }

  public boolean reaches(Target target) {
    return target.quantity().better().reaches(judged(target), target.bound());
  }

  /** Two zeros, such as failures on neither side, are as good as each other. */
  private static double ratio(double first, double second) {
    return first == second ? 1 : second / first;
  }

  private static double value(Run run, Quantity quantity) {
    Double value = run.values().get(quantity);
    if (value == null) {
      throw new IllegalStateException(run + " has no " + quantity);
    }
    return value;
  }

  private static double[] sorted(List<Pair> pairs, ToDoubleFunction<Pair> value) {
    return pairs.stream().mapToDouble(value).sorted().toArray();
  }

  public static double median(double[] sorted) {
    int middle = sorted.length / 2;
    if (sorted.length % 2 == 1) {
      return sorted[middle];
    }
    return Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }
}
