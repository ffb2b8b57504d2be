package io.tidemark.log.recovery;

import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * A log in a checkpoint. The topic's id, not its name: a topic created anew under an old name must
 * not inherit offsets.
 */
public record LogKey(Uuid topicId, int partition) {
  public static LogKey of(TopicIdPartition id) {
    return new LogKey(id.topicId(), id.partition());
  }
}
