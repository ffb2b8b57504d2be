package io.tidemark.log.replica;

/**
 * The node-level settings replicas share.
 *
 * @param nodeId this node
 * @param replicaLagTimeMaxMs {@code replica.lag.time.max.ms}
 * @param dirStallMs {@code tidemark.log.dir.stall.ms}: a write that takes longer marks its
 *     directory stalled
 * @param tailCacheBytes bytes of batches just appended that stay in memory, off heap; 0 for none
 * @param warmBytes a range younger than this on the byte clock counts as being in the page cache
 */
public record ReplicaSettings(
    int nodeId, long replicaLagTimeMaxMs, long dirStallMs, long tailCacheBytes, long warmBytes) {

  /** The defaults for a node with this much memory in the machine. */
  public static ReplicaSettings defaults(int nodeId, long machineMemoryBytes) {
    return new ReplicaSettings(nodeId, 30_000, 5_000, 64L << 20, machineMemoryBytes / 4);
  }
}
