package io.tidemark.log.clean;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What the cleaner counts, for the whole node. */
final class CleanerMeters {
  private static final double MS_PER_SECOND = 1e3;

  private final Timer rounds;
  private final Counter read;
  private final Counter written;
  private final Counter withoutKey;
  private final Counter mapFull;

  // Volatile because whoever scrapes reads it.
  private volatile double recopyRatio;

  CleanerMeters(MeterRegistry meters, DirtyLogs logs) {
    Gauge.builder("tidemark.log.cleaner.dirty.bytes", logs, DirtyLogs::dirtyBytes)
        .description("Bytes of compacted logs that may be cleaned and are not")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("tidemark.log.cleaner.max.lag", logs, each -> each.maxLagMs() / MS_PER_SECOND)
        .description("Age of the oldest record that may be cleaned and is not, by its timestamp")
        .baseUnit("seconds")
        .register(meters);
    Gauge.builder("tidemark.log.cleaner.max.dirty.ratio", logs, DirtyLogs::maxDirtyRatio)
        .description("Share of the dirtiest log that may be cleaned and is not, of 1")
        .register(meters);
    Gauge.builder(
            "tidemark.log.cleaner.last.look", logs, each -> each.sinceLookMs() / MS_PER_SECOND)
        .description("Time since logs to be cleaned were last looked for")
        .baseUnit("seconds")
        .register(meters);
    Gauge.builder("tidemark.log.cleaner.recopy.ratio", this, each -> each.recopyRatio)
        .description("Share of the bytes read by the last cleaning that was written again, of 1")
        .register(meters);
    Gauge.builder("tidemark.log.cleaner.partitions.failed", logs, DirtyLogs::failedCount)
        .description("Partitions that cannot be cleaned and are left alone until a restart")
        .register(meters);
    rounds =
        Timer.builder("tidemark.log.cleaner.rounds")
            .description("Time of one cleaning of one log")
            .register(meters);
    read = bytes(meters, "tidemark.log.cleaner.read", "Bytes of logs read to clean them");
    written =
        bytes(meters, "tidemark.log.cleaner.written", "Bytes that were left of them and written");
    withoutKey =
        Counter.builder("tidemark.log.cleaner.records.without.key")
            .description("Records dropped from compacted logs because they have no key")
            .register(meters);
    mapFull =
        Counter.builder("tidemark.log.cleaner.map.full")
            .description("Cleanings that ended early because the offset map was full")
            .register(meters);
  }

  private static Counter bytes(MeterRegistry meters, String name, String description) {
    return Counter.builder(name).description(description).baseUnit("bytes").register(meters);
  }

  void finished(CleaningRound round, long durationMs) {
    rounds.record(durationMs, TimeUnit.MILLISECONDS);
    read.increment((double) round.readBytes());
    written.increment((double) round.writtenBytes());
    withoutKey.increment((double) round.withoutKey());
    recopyRatio = round.readBytes() == 0 ? 0 : (double) round.writtenBytes() / round.readBytes();
    if (round.isMapFull()) {
      mapFull.increment();
    }
  }
}
