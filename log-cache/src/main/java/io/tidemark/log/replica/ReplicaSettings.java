package io.tidemark.log.replica;

/**
 * The node-level settings replicas share.
 *
 * @param nodeId this node
 * @param replicaLagTimeMaxMs {@code replica.lag.time.max.ms}
 * @param dirStallMs {@code tidemark.log.dir.stall.ms}: a write that takes longer marks its
 *     directory stalled
 * @param dirMinFreeBytes {@code tidemark.log.dir.min.free.bytes}: with less free, appends are
 *     refused
 * @param tailCacheBytes bytes of batches just appended that stay in memory
 * @param warmBytes a range younger than this on the byte clock counts as being in the page cache
 * @param checkpointIntervalMs between high watermark checkpoints
 * @param flushCheckIntervalMs between looks for logs whose {@code flush.ms} is due
 */
public record ReplicaSettings(
    int nodeId,
    long replicaLagTimeMaxMs,
    long dirStallMs,
    long dirMinFreeBytes,
    long tailCacheBytes,
    long warmBytes,
    long checkpointIntervalMs,
    long flushCheckIntervalMs) {

  /** Kafka's and our defaults for a node with this much memory in the machine. */
  public static ReplicaSettings defaults(int nodeId, long machineMemoryBytes) {
    return new ReplicaSettings(
        nodeId, 30_000, 5_000, 512L << 20, 64L << 20, machineMemoryBytes / 4, 5_000, 1_000);
  }
}
