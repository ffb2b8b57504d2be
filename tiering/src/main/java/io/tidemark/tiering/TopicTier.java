package io.tidemark.tiering;

import org.apache.kafka.common.Uuid;

/**
 * Where a topic's data is, summed over the partitions this node leads.
 *
 * @param hotBytes on local disks
 * @param coldBytes in the store, as committed
 * @param hotSegments closed ones
 * @param dirtyBytes in the store, of a compacted topic, that may be compacted and are not
 * @param waitingSegments closed, and to be stored
 * @param waitingBytes their size
 * @param oldestWaitingMs how long ago the oldest of them was closed; 0 when none waits
 * @param lagMs how long the oldest record that is not in the store has been in the log; 0 when none
 * @param failingPartitions those whose last turn at the store failed
 */
public record TopicTier(
    Uuid topicId,
    String topic,
    int partitions,
    boolean isTiered,
    long hotBytes,
    long coldBytes,
    int hotSegments,
    int coldSegments,
    long dirtyBytes,
    int waitingSegments,
    long waitingBytes,
    long oldestWaitingMs,
    long lagMs,
    int failingPartitions) {

  TopicTier plus(TopicTier other) {
    return new TopicTier(
        topicId,
        topic,
        partitions + other.partitions,
        isTiered || other.isTiered,
        hotBytes + other.hotBytes,
        coldBytes + other.coldBytes,
        hotSegments + other.hotSegments,
        coldSegments + other.coldSegments,
        dirtyBytes + other.dirtyBytes,
        waitingSegments + other.waitingSegments,
        waitingBytes + other.waitingBytes,
        Math.max(oldestWaitingMs, other.oldestWaitingMs),
        Math.max(lagMs, other.lagMs),
        failingPartitions + other.failingPartitions);
  }
}
