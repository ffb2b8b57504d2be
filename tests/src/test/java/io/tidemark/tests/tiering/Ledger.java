package io.tidemark.tests.tiering;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicIdPartition;

/**
 * What producers were told: which value lies at which offset, and how far logs were cut on purpose.
 */
final class Ledger {
  /** One partition's acknowledged values by offset, and the greatest log start anybody was told. */
  static final class Page {
    private final NavigableMap<Long, String> values = new TreeMap<>();
    private long logStartOffset;

    NavigableMap<Long, String> values() {
      return values;
    }

    long logStartOffset() {
      return logStartOffset;
    }
  }

  private final Map<TopicIdPartition, Page> pages = new HashMap<>();

  Page page(TopicIdPartition partition) {
    return pages.computeIfAbsent(partition, id -> new Page());
  }

  /** Keyed records are entered as they are read back: {@code key=value}, a tombstone as key=. */
  void acknowledged(TopicIdPartition partition, long offset, String value) {
    String other = page(partition).values.put(offset, value);
    if (other != null) {
      throw new AssertionError(
          "%s gave offset %d to %s and to %s".formatted(partition, offset, other, value));
    }
  }

  void logStartSeen(TopicIdPartition partition, long offset) {
    Page page = page(partition);
    page.logStartOffset = Math.max(page.logStartOffset, offset);
  }

  /** A machine that went down may lose what was in its page cache only. */
  void mayHaveLostFrom(TopicIdPartition partition, long offset) {
    page(partition).values.tailMap(offset, true).clear();
  }

  void deleted(TopicIdPartition partition) {
    pages.remove(partition);
  }
}
