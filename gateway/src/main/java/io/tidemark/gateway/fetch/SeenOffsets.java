package io.tidemark.gateway.fetch;

import io.tidemark.log.replica.ReplicaView;

/**
 * What a consumer is told of a partition beside its records; -1 where it is not known.
 *
 * @param topic its name
 */
record SeenOffsets(String topic, long highWatermark, long lastStableOffset, long logStartOffset) {

  static SeenOffsets unknown(String topic) {
    return new SeenOffsets(topic, -1, -1, -1);
  }

  static SeenOffsets of(ReplicaView view) {
    return new SeenOffsets(
        view.id().topic(), view.highWatermark(), view.lastStableOffset(), view.logStartOffset());
  }
}
