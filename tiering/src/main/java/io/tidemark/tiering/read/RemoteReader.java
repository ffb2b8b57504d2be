package io.tidemark.tiering.read;

import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.partition.TimestampedOffset;
import io.tidemark.tiering.manifest.ManifestPointer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads tiered offsets of any partition. Everything here returns at once and may be called from
 * event loops; what must wait for the store runs on threads of its own, and goes on when the caller
 * has lost interest. Futures complete on those threads.
 *
 * <p>Errors, thrown or in futures: {@code OffsetOutOfRangeException} when the offset is below the
 * first or not below the tiered offset of the manifest; {@code KafkaStorageException} when the
 * store has failed for {@code tiering.fetch.timeout.ms}, or what it holds is corrupt or missing.
 */
public interface RemoteReader extends AutoCloseable {
  /**
   * What the cache holds from the batch that contains {@code offset} on: consecutive whole batches,
   * up to {@code maxBytes} (the first one even if larger when {@code atLeastOneBatch}). Empty when
   * nothing can be answered without waiting: then {@link #load} brings it near. The receiver
   * releases the result. Reading on at {@link RemoteRead#nextOffset} is what read-ahead follows.
   */
  Optional<RemoteRead> tryRead(
      TopicIdPartition partition,
      ManifestPointer known,
      long offset,
      int maxBytes,
      boolean atLeastOneBatch);

  /**
   * Completes when {@link #tryRead} has bytes at {@code offset}, or with the error. Calls for the
   * same offset share one load; it goes on whoever gives up waiting, and holds nothing that a
   * caller had to release.
   *
   * @param client who asks: however many readers one has, clients take turns at the store
   */
  CompletableFuture<@Nullable Void> load(
      TopicIdPartition partition, ManifestPointer known, long offset, Object client);

  /**
   * {@link #load} and {@link #tryRead} in one. Whoever takes the future must release the result
   * even when it comes too late to be of use.
   */
  CompletableFuture<RemoteRead> read(
      TopicIdPartition partition,
      ManifestPointer known,
      long offset,
      int maxBytes,
      boolean atLeastOneBatch);

  /**
   * The first record at or after {@code startOffset} whose timestamp is at least {@code
   * timestampMs}; empty when no tiered record qualifies.
   */
  CompletableFuture<Optional<TimestampedOffset>> offsetForTimestamp(
      TopicIdPartition partition, ManifestPointer known, long timestampMs, long startOffset);

  /** The first record with the largest timestamp among those at or after {@code startOffset}. */
  CompletableFuture<Optional<TimestampedOffset>> maxTimestamp(
      TopicIdPartition partition, ManifestPointer known, long startOffset);

  /** As OffsetForLeaderEpoch over the tiered offsets; the last tiered epoch ends at their end. */
  CompletableFuture<EpochEnd> endOffsetForEpoch(
      TopicIdPartition partition, ManifestPointer known, int leaderEpoch);

  /**
   * Below which offset every transaction was over when the manifest was made, its marker being in
   * the bucket too: what {@link RemoteRead#abortedTransactions} says of records below it is all
   * there is. At most the tiered offset; never goes back from one manifest to the next.
   */
  CompletableFuture<Long> decidedOffset(TopicIdPartition partition, ManifestPointer known);

  @Override
  void close();
}
