package io.tidemark.log.epoch;

/**
 * Where a leader epoch ends: {@code endOffset} is the first offset of the next greater epoch, or
 * the log end for the latest.
 *
 * @param epoch the greatest known epoch at most the one asked for; -1 when none
 * @param endOffset -1 when none
 */
public record EpochEnd(int epoch, long endOffset) {
  public static final EpochEnd UNDEFINED = new EpochEnd(-1, -1);

  public boolean isDefined() {
    return epoch >= 0;
  }
}
