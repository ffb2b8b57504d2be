package io.tidemark.metadata.coordinator;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/**
 * The partitions a coordinator lives on, as it sees them. Supplied by the wiring, which puts it
 * above the replicas of the internal topic.
 *
 * <p>Offsets are <em>end offsets</em>, exclusive: the offset after the last record. All calls name
 * the leader epoch they were made in; one of another epoch than the replica's fails with {@link
 * org.apache.kafka.common.errors.NotLeaderOrFollowerException}. No call blocks; futures may be
 * completed on any thread, and what hangs on them is short.
 */
public interface CoordinatorLog {
  /**
   * Reads the partition from its start to the log end offset of this moment, committed or not, and
   * hands every data record of every batch to {@code replay}, in order. Completes with that end
   * offset. The replay is called by one thread at a time and everything it did happens before the
   * completion. Records of transactions come with their producer, decided or not; the control
   * batches that end transactions are told in their places.
   */
  CompletableFuture<Long> load(int partition, int leaderEpoch, Replay replay);

  /**
   * Appends the records as one batch, all or nothing, with the timestamps they carry; all of one
   * producer's transaction, or all outside of any. Completes with the end offset once the leader
   * has them. After a failure it is unknown whether they are in the log: the caller drops its state
   * and loads again. Appends of one partition and epoch take effect in call order; the coordinator
   * makes one at a time.
   */
  CompletableFuture<Long> append(int partition, int leaderEpoch, List<CoordinatorRecord> records);

  /** Appends the control batch that ends a transaction, as {@link #append}. */
  CompletableFuture<Long> end(int partition, int leaderEpoch, TransactionEnd end);

  /**
   * Why the partition would not take a batch of this producer's transaction as things stand: a
   * newer one has written to it. Empty when it would, or nobody here can tell.
   */
  Optional<Errors> refuses(int partition, TransactionalProducer producer);

  /** Why the partition would not take this end as things stand. */
  Optional<Errors> refuses(int partition, TransactionEnd end);

  /**
   * Completes when the high watermark has reached {@code endOffset}; at once when it already has.
   * Fails when leadership is lost before.
   */
  CompletableFuture<Void> committed(int partition, int leaderEpoch, long endOffset);

  /** The largest batch the partition takes (max.message.bytes of the internal topic). */
  int maxBatchBytes(int partition);

  /** Takes the contents of a log while it is loaded. */
  interface Replay {
    /** The records of one batch or of several neighbouring ones, in log order. */
    void replay(List<CoordinatorRecord> records);

    /** A control batch that ends a transaction. */
    void ended(TransactionEnd end);
  }
}
