package io.tidemark.tests.simulation;

import java.util.Random;

/** Knows how much was drawn from it, so that a run can tell when it drew something else. */
final class CountedRandom extends Random {
  private static final long serialVersionUID = 1;

  private long drawn;

  CountedRandom(long seed) {
    super(seed);
  }

  long drawn() {
    return drawn;
  }

  @Override
  protected int next(int bits) {
    drawn++;
    return super.next(bits);
  }
}
