package io.tidemark.gateway.cli;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Moves each partition a group member is given to the start position, the first time it is given.
 */
final class SeekOnce implements ConsumerRebalanceListener {
  private final Consumer<?, ?> consumer;
  private final @Nullable StartPosition start;
  private final Set<TopicPartition> seen = new HashSet<>();

  SeekOnce(Consumer<?, ?> consumer, @Nullable StartPosition start) {
    this.consumer = consumer;
    this.start = start;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    List<TopicPartition> fresh = partitions.stream().filter(seen::add).toList();
    if (start != null && !fresh.isEmpty()) {
      start.seek(consumer, fresh);
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
}
