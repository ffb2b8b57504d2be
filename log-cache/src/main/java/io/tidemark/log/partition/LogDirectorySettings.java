package io.tidemark.log.partition;

import java.util.Set;

/**
 * Settings of the log directories of a node.
 *
 * @param nodeId whose folders they are
 * @param minFreeBytes below it a directory counts as nearly full
 * @param checkpointIntervalMs between two checkpoints
 * @param producerIdExpirationMs after which an idle producer is forgotten
 * @param maxProducers remembered by all logs together, see {@code ProducerBudget}
 * @param maxOpenFiles segment files kept open while idle
 * @param indexCacheBytes indexes of closed segments kept in memory
 * @param foreignFolders folders in a log directory that belong to somebody else, as the quorum's
 */
public record LogDirectorySettings(
    int nodeId,
    long minFreeBytes,
    long checkpointIntervalMs,
    long producerIdExpirationMs,
    int maxProducers,
    int maxOpenFiles,
    long indexCacheBytes,
    Set<String> foreignFolders) {

  public static LogDirectorySettings defaults(int nodeId) {
    return new LogDirectorySettings(
        nodeId, 0, 60_000, 86_400_000, 1_000_000, 1024, 64L << 20, Set.of("quorum"));
  }
}
