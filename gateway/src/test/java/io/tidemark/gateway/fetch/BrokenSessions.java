package io.tidemark.gateway.fetch;

/**
 * A mistake one could make in fetch sessions, to be put into their classes by tests that show that
 * the simulation notices. Called from broken code only.
 */
public final class BrokenSessions {
  private BrokenSessions() {}

  /** Whatever was looked at counts as told, whether there was room for it or not. */
  static void clearsWhatWasNotDelivered(FetchRound round, PartitionAnswer answer) {
    FetchedPartition partition = answer.partition();
    if (answer.view() != null) {
      partition.told(answer.view());
    }
    partition.session.markClean(partition);
  }
}
