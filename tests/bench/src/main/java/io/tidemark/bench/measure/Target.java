package io.tidemark.bench.measure;

import java.util.Locale;

/** What a quantity is to reach; which way is the quantity's own matter. */
public sealed interface Target {
  /** Ratios this near to 1 are told apart from noise by more pairs. */
  double NEAR_ONE = 0.15;

  Quantity quantity();

  double bound();

  /** Whether the target asks for more pairs than usual. */
  boolean isNearOne();

  /** Second side over first side. */
  record Ratio(Quantity quantity, double bound) implements Target {
    @Override
    public boolean isNearOne() {
      return Math.abs(bound - 1) <= NEAR_ONE + 1e-9;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s %.2f ×", quantity.better().sign(), bound);
    }
  }

  /** The second side alone. */
  record Absolute(Quantity quantity, double bound) implements Target {
    @Override
    public boolean isNearOne() {
      return false;
    }

    @Override
    public String toString() {
      return quantity.better().sign() + " " + quantity.format(bound);
    }
  }
}
