package io.tidemark.bench.measure;

import java.time.Duration;

/**
 * How much is done in a run.
 *
 * @param produceBytes written in one pass of a Java producer
 * @param produce how long one pass of the cheap producer lasts
 * @param smallRecords records of 100 bytes in one pass
 * @param readBytes in a topic that is read again in each pass
 * @param coldBytes in a topic that is read from the store; more than a server's cache of it holds
 * @param paced how long one pass of a producer with a fixed rate lasts
 * @param idle how long a server rests before its memory is read
 * @param manyPartitions of the server that starts with many
 * @param topics created in one pass
 * @param failovers leaders that are killed one after the other
 * @param warmUpLimit after which a run is measured, warm or not
 * @param measured least time of the measured passes together
 */
public record Sizes(
    long produceBytes,
    Duration produce,
    long smallRecords,
    long readBytes,
    long coldBytes,
    Duration paced,
    Duration idle,
    int manyPartitions,
    int topics,
    int failovers,
    Duration warmUpLimit,
    Duration measured) {
  private static final long MB = 1_000_000;

  public static final Sizes FULL =
      new Sizes(
          1000 * MB,
          Duration.ofSeconds(3),
          4_000_000,
          2000 * MB,
          3000 * MB,
          Duration.ofSeconds(5),
          Duration.ofSeconds(40),
          5000,
          50,
          15,
          Duration.ofSeconds(60),
          Duration.ofSeconds(10));

  /** A few seconds a run: shows that a case works, its figures say little. */
  public static final Sizes QUICK =
      new Sizes(
          100 * MB,
          Duration.ofSeconds(1),
          400_000,
          200 * MB,
          500 * MB,
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          500,
          20,
          3,
          Duration.ofSeconds(5),
          Duration.ofSeconds(2));

  /** The same with another end of the warm-up. */
  public Sizes withWarmUpLimit(Duration limit) {
    return new Sizes(
        produceBytes,
        produce,
        smallRecords,
        readBytes,
        coldBytes,
        paced,
        idle,
        manyPartitions,
        topics,
        failovers,
        limit,
        measured);
  }
}
