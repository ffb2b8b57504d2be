package io.tidemark.gateway.quota;

import io.tidemark.metadata.link.ControllerCall.TakeMutations;
import io.tidemark.metadata.link.ControllerReply.MutationsTaken;
import java.util.concurrent.CompletableFuture;

/**
 * Where it is counted how many topics and partitions clients have made and removed (KIP-599): one
 * place for the cluster. Safe from any thread.
 */
public interface MutationLedger {

  /** Whether there is a quota that holds for a client, and so anything to count. */
  boolean isLimited(String user, String clientId);

  /**
   * Takes permits for changes before they are made. Fails with Kafka's exceptions where whoever
   * counts is not found; the changes are not to be made then.
   */
  CompletableFuture<MutationsTaken> count(TakeMutations wish);
}
