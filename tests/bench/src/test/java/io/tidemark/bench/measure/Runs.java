package io.tidemark.bench.measure;

import io.tidemark.bench.server.Side;
import java.util.Map;

/** Runs and pairs as tests need them. */
public final class Runs {
  private Runs() {}

  public static Run run(Side side, int pair, double megabytesPerSecond, double othersShare) {
    return run(side, pair, megabytesPerSecond, othersShare, true);
  }

  public static Run run(
      Side side, int pair, double megabytesPerSecond, double othersShare, boolean isSteady) {
    return new Run(
        "produce",
        side,
        pair,
        Map.of(Quantity.MB_PER_SECOND, megabytesPerSecond),
        othersShare,
        3,
        isSteady);
  }

  static Pair pair(int pair, double kafka, double tidemark, double othersShare) {
    return new Pair(
        run(Side.KAFKA, pair, kafka, 0), run(Side.TIDEMARK, pair, tidemark, othersShare));
  }
}
