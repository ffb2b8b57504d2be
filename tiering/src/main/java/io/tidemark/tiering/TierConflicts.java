package io.tidemark.tiering;

import io.tidemark.log.replica.Replica;
import io.tidemark.tiering.upload.TierAgreement;
import java.util.concurrent.CompletableFuture;

/**
 * Mends a leader whose hot log and manifest do not agree. The bucket always wins: the hot log is
 * cut to the common point and, ending below the tiered offset, starts there.
 */
@FunctionalInterface
public interface TierConflicts {
  /**
   * Leaves it to the log line and the metric: no upload, no local deletion, until somebody acts.
   */
  TierConflicts REPORTED_ONLY = (replica, agreement) -> CompletableFuture.completedFuture(null);

  /**
   * Called before anything of the partition is uploaded, and again, after a growing wait, for as
   * long as the disagreement lasts. Completes when the replica has been changed.
   */
  CompletableFuture<?> resolve(Replica replica, TierAgreement agreement);
}
