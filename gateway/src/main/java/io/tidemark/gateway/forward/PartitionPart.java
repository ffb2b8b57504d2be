package io.tidemark.gateway.forward;

import org.apache.kafka.common.Uuid;

/** A partition as a request names it: by topic id, or by name and with a zero id. */
public record PartitionPart(Uuid topicId, String topic, int index) {

  static PartitionPart named(String topic, int index) {
    return new PartitionPart(Uuid.ZERO_UUID, topic, index);
  }
}
