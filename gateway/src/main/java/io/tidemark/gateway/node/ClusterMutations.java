package io.tidemark.gateway.node;

import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.quota.MutationLedger;
import io.tidemark.metadata.link.ControllerCall.TakeMutations;
import io.tidemark.metadata.link.ControllerReply.MutationsTaken;
import io.tidemark.metadata.link.ControllerWay;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Has what clients change counted where the controller is, so that a client that asks several nodes
 * may do no more than one that asks one. A controller of an earlier release does not count: until
 * it is replaced each node does by itself.
 */
final class ClusterMutations implements MutationLedger {
  private final ClientQuotas local;
  private final BooleanSupplier isElsewhere;
  private final ControllerWay way;

  /**
   * @param local counts where this node leads the quorum
   * @param isElsewhere whether another node is known to
   */
  ClusterMutations(ClientQuotas local, BooleanSupplier isElsewhere, ControllerWay way) {
    this.local = local;
    this.isElsewhere = isElsewhere;
    this.way = way;
  }

  @Override
  public boolean isLimited(String user, String clientId) {
    return local.isLimited(user, clientId);
  }

  @Override
  public CompletableFuture<MutationsTaken> count(TakeMutations wish) {
    return isElsewhere.getAsBoolean()
        ? way.call(wish)
            .thenApply(MutationsTaken.class::cast)
            .exceptionallyCompose(failure -> countHere(wish, failure))
        : local.count(wish);
  }

  private CompletableFuture<MutationsTaken> countHere(TakeMutations wish, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof UnsupportedVersionException
        ? local.count(wish)
        : CompletableFuture.failedFuture(cause);
  }
}
