package io.tidemark.log.replica;

/**
 * Told what becomes of one append. Both methods are called exactly once, {@code appended} first, by
 * whichever thread drains the partition; they must be short and must not throw.
 */
public interface AppendListener {

  /** The batches' buffer is not needed any more, whatever the outcome will be. */
  void appended();

  /**
   * The outcome: at once for {@link Acks#NONE}, {@link Acks#LEADER} and errors, for {@link
   * Acks#ALL} once committed.
   */
  void completed(AppendOutcome outcome);
}
