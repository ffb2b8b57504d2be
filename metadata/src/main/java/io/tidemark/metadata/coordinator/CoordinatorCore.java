package io.tidemark.metadata.coordinator;

/**
 * What decides in a coordinator: the state of one partition, without IO, clock or threads.
 *
 * <p>Hard state changes by records alone and comes back by replaying them. Soft state (who waits,
 * who was heard of last) lives as long as the core. Filled by the loading thread, afterwards used
 * by one thread at a time.
 *
 * <p>Whoever asks it something does so with a {@link Turn}. An {@link
 * org.apache.kafka.common.errors.ApiException} thrown out of a turn refuses it and must be thrown
 * before anything changed.
 */
public interface CoordinatorCore {
  /** Applies a record of the log while it is being loaded. Throws when it cannot be understood. */
  void replay(CoordinatorRecord record);

  /** Applies the end of a transaction while the log is being loaded. */
  default void replayEnd(TransactionEnd end) {}

  /** The log has been replayed to its end: get ready to answer. */
  void loaded(Turn turn);

  /** {@link #nextDeadlineMs} has come. */
  void wake(Turn turn);

  /** When it wants to be woken, on the monotonic clock; {@code Long.MAX_VALUE} for never. */
  long nextDeadlineMs();

  /**
   * The core is thrown away: whoever waits is answered by the shell. Takes back what meters show.
   */
  void dropped();
}
