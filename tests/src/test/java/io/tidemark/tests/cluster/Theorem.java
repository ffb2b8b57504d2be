package io.tidemark.tests.cluster;

/** Something that holds for a cluster between any two steps, or in the end. */
@FunctionalInterface
interface Theorem {
  /** Throws an AssertionError where it does not hold. */
  void check();
}
