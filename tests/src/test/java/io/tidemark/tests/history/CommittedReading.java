package io.tidemark.tests.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What one reader with {@code read_committed} got, in the order in which it got it, of partitions
 * it read from their first offset on without seeking. Used by one thread.
 */
public final class CommittedReading {
  /** A record that was read. */
  record Read(long offset, String value) {}

  private final String reader;
  private final Map<TopicPartition, List<Read>> reads = new HashMap<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();

  CommittedReading(String reader) {
    this.reader = reader;
  }

  public void read(TopicPartition partition, long offset, String value) {
    reads.computeIfAbsent(partition, _ -> new ArrayList<>()).add(new Read(offset, value));
    reached(partition, offset + 1);
  }

  /** The reader goes on from here: all that is committed below it was read. */
  public void reached(TopicPartition partition, long position) {
    positions.merge(partition, position, Math::max);
  }

  String reader() {
    return reader;
  }

  Map<TopicPartition, List<Read>> reads() {
    return reads;
  }

  long position(TopicPartition partition) {
    return positions.getOrDefault(partition, 0L);
  }
}
