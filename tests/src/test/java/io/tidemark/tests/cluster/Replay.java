package io.tidemark.tests.cluster;

import java.util.function.LongFunction;

/**
 * One life to be lived again. As a program it lives lives in a process of its own, which has its
 * own identity hash codes and its own salt for {@code Set.of}, and says on standard output what
 * they came to.
 */
record Replay(Kind kind, long seed) {
  private static final String RESULT = "replayed ";

  /** The kinds of lives. */
  enum Kind {
    CLUSTER(ClusterLife::of),
    TRANSACTIONS(TransactionLife::of),
    COMPACTED(CompactedLife::of);

    private final LongFunction<Record> life;

    Kind(LongFunction<Record> life) {
      this.life = life;
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
    return RESULT + argument() + " " + kind.life.apply(seed);
  }

  static boolean isResult(String line) {
    return line.startsWith(RESULT);
  }
}
