package io.tidemark.metadata.link;

/**
 * Counts what clients have the controller do, for the whole cluster where its node leads the
 * quorum. Safe from any thread; never waits.
 */
@FunctionalInterface
public interface MutationCounter {
  ControllerReply.MutationsTaken take(ControllerCall.TakeMutations wish);
}
