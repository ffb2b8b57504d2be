package io.tidemark.gateway.node;

import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.replica.Replica;
import io.tidemark.tiering.TierConflicts;
import io.tidemark.tiering.upload.TierAgreement;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the bucket win where a leader's hot log and the committed manifest do not fit together. */
final class TierConflictRepair implements TierConflicts {
  private static final Logger log = LoggerFactory.getLogger(TierConflictRepair.class);

  @Override
  public CompletableFuture<?> resolve(Replica replica, TierAgreement agreement) {
    return switch (agreement) {
      case TierAgreement.Agrees _ -> CompletableFuture.completedFuture(null);
      case TierAgreement.StartsAt startsAt -> restart(replica, startsAt);
      case TierAgreement.Gap gap -> {
        log.error(
            "{} holds nothing from offset {} to {} in either tier; nothing is uploaded over the"
                + " gap",
            replica.id(),
            gap.tieredOffset(),
            gap.localLogStartOffset());
        yield CompletableFuture.completedFuture(null);
      }
    };
  }

  private static CompletableFuture<?> restart(Replica replica, TierAgreement.StartsAt startsAt) {
    log.warn(
        "{} has another history than the store from offset {} on: starting it again at {}",
        replica.id(),
        startsAt.commonOffset(),
        startsAt.tieredOffset());
    return replica.restartAt(startsAt.tieredOffset(), EpochLineage.of(startsAt.lineage()), null);
  }
}
