package io.tidemark.log;

import java.util.function.LongConsumer;

/**
 * One seed after the other, for as long as {@code -Dtidemark.long.seconds} says, from {@code
 * -Dtidemark.seed}.
 *
 * <p>Bounded by a count as well, in proportion to the seconds, which an idle machine reaches in
 * about half of them: so a run goes over the same seeds wherever it is made, and is not the first
 * to go where nobody has been only because it is on a faster machine.
 */
public final class ManySeeds {
  private static final long FIRST = 20_261_120L;

  private ManySeeds() {}

  /**
   * Runs {@code life} with each seed, and prints which.
   *
   * @param defaultSeconds how long, where the property is not set
   * @param seedsPerSecond at most so many seeds for each of those seconds
   */
  public static void run(String family, int defaultSeconds, int seedsPerSecond, LongConsumer life) {
    run(family, 1, defaultSeconds, seedsPerSecond, life);
  }

  /**
   * The same for a family whose count matters more than its time.
   *
   * @param share how many times as long as other families it may take for its seeds
   */
  public static void run(
      String family, int share, int defaultSeconds, int seedsPerSecond, LongConsumer life) {
    long seconds = Long.getLong("tidemark.long.seconds", defaultSeconds);
    long first = Long.getLong("tidemark.seed", FIRST);
    long end = first + seconds * seedsPerSecond;
    long startNs = System.nanoTime();
    long seed = first;
    while (seed < end && System.nanoTime() - startNs < share * seconds * 1_000_000_000) {
      life.accept(seed++);
    }
    System.out.printf(
        "%s: %d seeds, %d to %d, passed in %d s%n",
        family, seed - first, first, seed - 1, (System.nanoTime() - startNs) / 1_000_000_000);
  }
}
