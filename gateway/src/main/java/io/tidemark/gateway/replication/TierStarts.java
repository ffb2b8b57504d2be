package io.tidemark.gateway.replication;

import io.tidemark.log.replica.Replica;
import java.util.concurrent.CompletableFuture;

/** The way to the bucket for a replica whose log is to begin at the tiered offset. */
@FunctionalInterface
public interface TierStarts {

  /**
   * Starts the replica's log at the tiered offset of the current manifest, with epoch lineage and
   * producers from the bucket; a log that reaches it stays as it is. Never waits. Fails when quorum
   * or store cannot be reached, with nothing changed.
   *
   * @return the tiered offset; -1 when nothing was ever tiered
   */
  CompletableFuture<Long> restart(Replica replica);
}
