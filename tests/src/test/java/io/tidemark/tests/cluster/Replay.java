package io.tidemark.tests.cluster;

/**
 * One life to be lived again. As a program it lives lives in a process of its own, which has its
 * own identity hash codes and its own salt for {@code Set.of}, and says on standard output what
 * they came to.
 */
record Replay(Kind kind, long seed) {
  private static final String RESULT = "replayed ";

  /** The kinds of lives. */
  enum Kind {
    CLUSTER,
    TRANSACTIONS,
    COMPACTED;

    private Record life(long seed) {
      return switch (this) {
        case CLUSTER -> ClusterLife.of(seed);
        case TRANSACTIONS -> TransactionLife.of(seed);
        case COMPACTED -> CompactedLife.of(seed);
      };
    }
  }

  /** Takes lives as {@link #argument} gives them. */
  public static void main(String[] lives) {
    for (String life : lives) {
      System.out.println(Replay.of(life).result());
    }
    System.exit(0);
  }

  private static Replay of(String argument) {
    int colon = argument.indexOf(':');
    return new Replay(
        Kind.valueOf(argument.substring(0, colon)), Long.parseLong(argument.substring(colon + 1)));
  }

  String argument() {
    return kind + ":" + seed;
  }

  /** Lives it; the line says what it came to, its trace included. */
  String result() {
    return RESULT + argument() + " " + kind.life(seed);
  }

  static boolean isResult(String line) {
    return line.startsWith(RESULT);
  }
}
