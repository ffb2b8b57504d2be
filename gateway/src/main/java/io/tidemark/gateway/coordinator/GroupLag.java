package io.tidemark.gateway.coordinator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.tidemark.metadata.coordinator.group.GroupProgress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/**
 * Shows how many records the groups of this node are behind the ends of what they read, by group
 * and topic. A pair is left out while the end of one of its partitions is not known here: a sum
 * without it would be wrong. {@link #show} is called by one at a time.
 */
public final class GroupLag {
  /** A scrape has to stay small: beyond it only the groups furthest behind are shown. */
  static final int MAX_PAIRS = 1_000;

  private final Function<TopicPartition, OptionalLong> ends;
  private final MultiGauge lags;

  /** Volatile because it is read by whoever scrapes. */
  private volatile int hidden;

  private record Lag(String groupId, String topic, long records) {
    Row<?> row() {
      return Row.of(Tags.of("group", groupId, "topic", topic), records);
    }
  }

  /**
   * @param ends up to where a partition can be read, empty when this node does not know
   */
  public GroupLag(Function<TopicPartition, OptionalLong> ends, MeterRegistry meters) {
    this.ends = ends;
    this.lags =
        MultiGauge.builder("tidemark.group.lag")
            .description("Records a group has yet to read of a topic, by its committed offsets")
            .register(meters);
    Gauge.builder("tidemark.group.lag.hidden", this, each -> each.hidden)
        .description("Pairs of group and topic whose lag is not shown because there are too many")
        .register(meters);
  }

  /** Takes these for what the groups have read, and forgets what was shown before. */
  public void show(List<GroupProgress> progress) {
    List<Lag> known = progress.stream().flatMap(each -> lagOf(each).stream()).toList();
    lags.register(
        known.stream()
            .sorted(Comparator.comparingLong(Lag::records).reversed())
            .limit(MAX_PAIRS)
            .<Row<?>>map(Lag::row)
            .toList(),
        true);
    hidden = Math.max(0, known.size() - MAX_PAIRS);
  }

  private Optional<Lag> lagOf(GroupProgress progress) {
    long records = 0;
    for (Map.Entry<Integer, Long> committed : progress.committed().entrySet()) {
      OptionalLong end = ends.apply(new TopicPartition(progress.topic(), committed.getKey()));
      if (end.isEmpty()) {
        return Optional.empty();
      }
      // Less than none: the log was cut back, or made anew, after the commit.
      records += Math.max(0, end.getAsLong() - committed.getValue());
    }
    return Optional.of(new Lag(progress.groupId(), progress.topic(), records));
  }
}
