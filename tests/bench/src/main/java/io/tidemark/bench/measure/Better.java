package io.tidemark.bench.measure;

/** Which way a quantity improves. */
public enum Better {
  HIGHER,
  LOWER;

  /** Whether the value is at least as good as the bound. */
  public boolean reaches(double value, double bound) {
    return switch (this) {
      case HIGHER -> value >= bound;
      case LOWER -> value <= bound;
    };
  }

  public String sign() {
    return switch (this) {
      case HIGHER -> "≥";
      case LOWER -> "≤";
    };
  }
}
