package io.tidemark.log.record;

/**
 * Arithmetic of producers' sequence numbers, which run from 0 to the largest int and then from 0.
 */
public final class Sequence {
  private Sequence() {}

  /** The sequence {@code count} records after this one. */
  public static int plus(int sequence, int count) {
    return (sequence + count) & Integer.MAX_VALUE;
  }

  /** Whether {@code next} is the sequence right after {@code last}. */
  public static boolean follows(int last, int next) {
    return plus(last, 1) == next;
  }
}
