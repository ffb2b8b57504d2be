package io.tidemark.tiering;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.tidemark.tiering.compact.RewriteTally;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The meters of the tier's life cycle: per topic at most, never per partition. Counters may be
 * called from any thread; {@link #refresh} by one at a time.
 */
final class TieringMetrics {
  private final MeterRegistry meters;
  private final Timer uploads;
  private final Counter uploadBytes;
  private final Counter objectsDeleted;
  private final Counter localSegmentsDeleted;
  private final Counter retentionAdvances;
  private final Timer rewrites;
  private final Counter rewriteRead;
  private final Counter rewriteWritten;
  private final Counter rewriteReplaced;
  private final Counter rewriteMade;
  private final Counter withoutKey;
  private final Counter mapFull;
  private final Map<FailureKind, Counter> failures = new EnumMap<>(FailureKind.class);
  private final MultiGauge hotBytes;
  private final MultiGauge coldBytes;
  private final MultiGauge coldSegments;
  private final MultiGauge dirtyBytes;
  private final MultiGauge waitingBytes;

  /** Because gauges are read by whoever scrapes. */
  private volatile TierTotals totals = TierTotals.NONE;

  TieringMetrics(MeterRegistry meters, Turns turns) {
    this.meters = meters;
    uploads =
        Timer.builder("tidemark.tiering.upload.time")
            .description("Time to check and store one segment")
            .register(meters);
    uploadBytes = counter("tidemark.tiering.upload.bytes", "Bytes of segment objects stored");
    objectsDeleted =
        counter("tidemark.tiering.objects.deleted", "Objects deleted after their delay");
    localSegmentsDeleted =
        counter("tidemark.tiering.local.segments.deleted", "Hot segments dropped, being tiered");
    retentionAdvances =
        counter("tidemark.tiering.retention.advances", "Log starts moved forward by retention");
    rewrites =
        Timer.builder("tidemark.tiering.compaction.rounds")
            .description("Time of one compaction, or merging, of one partition in the store")
            .register(meters);
    rewriteRead =
        counter(
            "tidemark.tiering.compaction.read.bytes", "Bytes read from the store to rewrite them");
    rewriteWritten =
        counter("tidemark.tiering.compaction.written.bytes", "Bytes rewritten in the store");
    rewriteReplaced =
        counter("tidemark.tiering.compaction.objects.replaced", "Segment objects replaced");
    rewriteMade =
        counter("tidemark.tiering.compaction.objects.made", "Segment objects made in their place");
    withoutKey =
        counter(
            "tidemark.tiering.compaction.records.without.key",
            "Records dropped from compacted topics in the store because they have no key");
    mapFull =
        counter(
            "tidemark.tiering.compaction.map.full",
            "Compactions in the store that ended early because the offset map was full");
    for (FailureKind kind : FailureKind.values()) {
      failures.put(kind, failures(kind));
    }
    gauge(
        "tidemark.tiering.upload.lag.bytes",
        "Bytes of closed segments not in the store yet",
        TierTotals::waitingBytes);
    gauge(
        "tidemark.tiering.upload.lag.seconds",
        "How long the oldest record that is not in the store yet has been in the log",
        t -> t.lagMs() / 1000.0);
    gauge(
        "tidemark.tiering.upload.oldest.waiting.seconds",
        "How long ago the oldest closed segment that is not in the store yet was closed",
        t -> t.oldestWaitingMs() / 1000.0);
    gauge(
        "tidemark.tiering.upload.waiting.segments",
        "Closed segments not in the store yet",
        TierTotals::waitingSegments);
    Gauge.builder("tidemark.tiering.turns.queued", turns, Turns::queued)
        .description("Partitions that wait for their turn at the store")
        .register(meters);
    Gauge.builder("tidemark.tiering.turns.running", turns, Turns::running)
        .description("Partitions that use the store now")
        .register(meters);
    hotBytes = topics("tidemark.tiering.hot.bytes", "Bytes on local disks");
    coldBytes = topics("tidemark.tiering.cold.bytes", "Bytes in the store");
    coldSegments = topics("tidemark.tiering.cold.segments", "Segments in the store");
    dirtyBytes =
        topics(
            "tidemark.tiering.dirty.bytes",
            "Bytes in the store, of compacted topics, that may be compacted and are not");
    waitingBytes = topics("tidemark.tiering.waiting.bytes", "Closed, not in the store yet");
  }

  void uploaded(long bytes, long tookMs) {
    uploads.record(Duration.ofMillis(tookMs));
    uploadBytes.increment((double) bytes);
  }

  void objectsDeleted(int count) {
    objectsDeleted.increment(count);
  }

  void localSegmentsDeleted(int count) {
    localSegmentsDeleted.increment(count);
  }

  void retentionAdvanced() {
    retentionAdvances.increment();
  }

  /** A rewriting ended, by itself or early. */
  void rewritten(RewriteTally tally, long tookMs) {
    rewrites.record(Duration.ofMillis(tookMs));
    rewriteRead.increment((double) tally.readBytes());
    rewriteWritten.increment((double) tally.writtenBytes());
    rewriteReplaced.increment(tally.replaced());
    rewriteMade.increment(tally.made());
    withoutKey.increment((double) tally.withoutKey());
    if (tally.isMapFull()) {
      mapFull.increment();
    }
  }

  /** A manifest commit ended: committed, stale or fenced. */
  void committed(String result) {
    Counter.builder("tidemark.tiering.manifest.commits")
        .description("Manifest commits by result")
        .tag("result", result)
        .register(meters)
        .increment();
  }

  /** Something of the cold tier failed and will be tried again. */
  void failed(FailureKind kind) {
    Objects.requireNonNull(failures.get(kind)).increment();
  }

  private Counter failures(FailureKind kind) {
    return Counter.builder("tidemark.tiering.failures")
        .description("Failures of tiering by kind; each is tried again")
        .tag("kind", kind.toString())
        .register(meters);
  }

  void refresh(List<TopicTier> topics) {
    totals = TierTotals.of(topics);
    hotBytes.register(rows(topics, TopicTier::hotBytes), true);
    coldBytes.register(rows(topics, TopicTier::coldBytes), true);
    coldSegments.register(rows(topics, topic -> topic.coldSegments()), true);
    dirtyBytes.register(rows(topics, TopicTier::dirtyBytes), true);
    waitingBytes.register(rows(topics, TopicTier::waitingBytes), true);
  }

  private static List<Row<?>> rows(List<TopicTier> topics, ToLongFunction<TopicTier> value) {
    return topics.stream()
        .<Row<?>>map(topic -> Row.of(Tags.of("topic", topic.topic()), value.applyAsLong(topic)))
        .toList();
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(meters);
  }

  private MultiGauge topics(String name, String description) {
    return MultiGauge.builder(name).description(description).register(meters);
  }

  private void gauge(String name, String description, ToDoubleFunction<TierTotals> value) {
    Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.totals))
        .description(description)
        .register(meters);
  }
}
