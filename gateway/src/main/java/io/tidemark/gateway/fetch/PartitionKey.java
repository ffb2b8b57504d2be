package io.tidemark.gateway.fetch;

import org.apache.kafka.common.Uuid;

/**
 * How a client names a partition: by topic id from Fetch v13 on, by topic name before. The other
 * one is absent.
 */
record PartitionKey(Uuid topicId, String topicName, int partition) {

  static PartitionKey of(short apiVersion, Uuid topicId, String topicName, int partition) {
    return apiVersion >= 13
        ? new PartitionKey(topicId, "", partition)
        : new PartitionKey(Uuid.ZERO_UUID, topicName, partition);
  }

  boolean isById() {
    return topicName.isEmpty();
  }
}
