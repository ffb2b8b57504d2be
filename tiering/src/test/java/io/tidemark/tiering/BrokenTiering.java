package io.tidemark.tiering;

import org.apache.kafka.common.Uuid;

/**
 * A mistake one could make in tiering, to be put into its classes by tests that show that the
 * simulation notices. Called from broken code only.
 */
public final class BrokenTiering {
  private static final Uuid KNOWN = new Uuid(7, 7);

  private BrokenTiering() {}

  /** An attempt has the id of the one before, whose objects are marked for deletion by then. */
  static Uuid sameIdAgain(TieringPlatform platform) {
    return KNOWN;
  }
}
