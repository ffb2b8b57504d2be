package io.tidemark.tests.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What clients did and were told. A value is unique, names its producer and the place in that
 * producer's order ({@code p3:17}), and is done, refused, or nobody knows.
 */
final class ClusterHistory {
  enum Fate {
    DONE,
    REFUSED,
    UNKNOWN
  }

  /**
   * One record's way.
   *
   * @param offset −1 where nobody said
   */
  record Sent(
      String value, TopicPartition partition, boolean isIdempotent, Fate fate, long offset) {
    Sent with(Fate next, long at) {
      return new Sent(value, partition, isIdempotent, next, at);
    }

    String producer() {
      return value.substring(0, value.indexOf(':'));
    }

    long number() {
      return Long.parseLong(value.substring(value.indexOf(':') + 1));
    }
  }

  private final Map<String, Sent> sent = new LinkedHashMap<>();
  private final Map<TopicPartition, NavigableMap<Long, String>> seen = new HashMap<>();
  private final Map<TopicPartition, NavigableMap<Long, String>> readBack = new HashMap<>();
  private final Map<String, Long> committedOffsets = new HashMap<>();
  private final List<String> anomalies = new ArrayList<>();

  void sending(String value, TopicPartition partition, boolean isIdempotent) {
    sent.put(value, new Sent(value, partition, isIdempotent, Fate.UNKNOWN, -1));
  }

  void done(String value, long offset) {
    sent.computeIfPresent(value, (key, record) -> record.with(Fate.DONE, offset));
  }

  void refused(String value) {
    sent.computeIfPresent(value, (key, record) -> record.with(Fate.REFUSED, -1));
  }

  /** An unclean election was allowed to lose what is at and behind an offset. */
  void mayHaveLostFrom(TopicPartition partition, long offset) {
    sent.replaceAll((value, record) ->
        record.partition().equals(partition) && record.offset() >= offset
            ? record.with(Fate.UNKNOWN, -1)
            : record);
    seen.getOrDefault(partition, new TreeMap<>()).tailMap(offset, true).clear();
  }

  /** A consumer got a record while the cluster was in trouble. */
  void seen(TopicPartition partition, long offset, String value) {
    @Nullable String before =
        seen.computeIfAbsent(partition, key -> new TreeMap<>()).put(offset, value);
    if (before != null && !before.equals(value)) {
      anomaly("%s at %d was %s and is %s".formatted(partition, offset, before, value));
    }
  }

  /** The replay after everything healed. */
  void readBack(TopicPartition partition, long offset, String value) {
    readBack.computeIfAbsent(partition, key -> new TreeMap<>()).put(offset, value);
  }

  /** A commit of a group was acknowledged. */
  void committed(String group, TopicPartition partition, long offset) {
    committedOffsets.merge(group + "/" + partition, offset, Math::max);
  }

  /** The greatest acknowledged commit, −1 without one. */
  long committedOffset(String group, TopicPartition partition) {
    return committedOffsets.getOrDefault(group + "/" + partition, -1L);
  }

  void anomaly(String what) {
    anomalies.add(what);
  }

  List<String> anomalies() {
    return anomalies;
  }

  Iterable<Sent> sent() {
    return sent.values();
  }

  long doneCount() {
    return sent.values().stream().filter(record -> record.fate() == Fate.DONE).count();
  }

  Map<TopicPartition, NavigableMap<Long, String>> seen() {
    return seen;
  }

  Map<TopicPartition, NavigableMap<Long, String>> readBack() {
    return readBack;
  }

  NavigableMap<Long, String> readBack(TopicPartition partition) {
    return readBack.getOrDefault(partition, new TreeMap<>());
  }
}
