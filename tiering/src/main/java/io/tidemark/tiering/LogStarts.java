package io.tidemark.tiering;

import io.tidemark.log.replica.Replica;
import java.util.concurrent.CompletableFuture;

/**
 * Moves log starts, through the quorum first: only then does the replica's own move, so that
 * whoever leads or follows next knows of it and it never goes back. Never waits; what many
 * partitions ask for at once becomes few entries there.
 */
@FunctionalInterface
interface LogStarts {

  /** The log start that holds afterwards. */
  CompletableFuture<Long> advance(Replica replica, long offset);
}
