package io.tidemark.bench.cases;

import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Target;
import io.tidemark.bench.server.Side;
import java.util.List;

/** Something that is measured on two sides, which differ in one thing. */
public interface BenchCase {
  /** For the command line and the names of files. */
  String name();

  /** For the table. */
  String title();

  default Side first() {
    return Side.KAFKA;
  }

  default Side second() {
    return Side.TIDEMARK;
  }

  /** What the table shows, in this order. */
  List<Quantity> quantities();

  List<Target> targets();

  /** Measures one side on a fresh server, which is gone afterwards. */
  Measured measure(Laboratory laboratory, Side side) throws Exception;

  /** Whether a target lies so near to 1 that a ratio needs more pairs. */
  default boolean needsMorePairs() {
    return targets().stream().anyMatch(Target::isNearOne);
  }
}
