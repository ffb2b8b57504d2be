package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A transactional id as its record has it. Immutable; the methods are its only legal changes.
 *
 * @param producerId of the producer that has the id; in PREPARE_… the one that markers carry
 * @param previousProducerId whose epochs ran out before, −1 none
 * @param nextProducerId that takes over when the transaction is complete, because the epochs of
 *     this one run out; −1 none
 * @param producerEpoch the producer's; in PREPARE_… that of the markers
 * @param timeoutMs how long a transaction may take
 * @param partitions of the transaction, in order
 * @param startTimestampMs when it began, wall clock; −1 none
 * @param updateTimestampMs of the newest change, wall clock
 * @param clientVersion the transactions version its client speaks: 2 with epochs of their own
 */
record TransactionMetadata(
    long producerId,
    long previousProducerId,
    long nextProducerId,
    short producerEpoch,
    int timeoutMs,
    TransactionState state,
    SortedSet<TopicPartition> partitions,
    long startTimestampMs,
    long updateTimestampMs,
    short clientVersion) {
  static final long NO_PRODUCER = -1;
  static final short NO_EPOCH = -1;
  static final long NO_TIMESTAMP = -1;
  static final short EPOCHS_PER_TRANSACTION = 2;

  /** The last epoch but one: the last is kept for fencing a producer of this one. */
  static final short LAST_EPOCH = Short.MAX_VALUE - 1;

  static final SortedSet<TopicPartition> NO_PARTITIONS =
      Collections.unmodifiableSortedSet(noPartitions());

  TransactionMetadata {
    partitions = Collections.unmodifiableSortedSet(partitions);
  }

  /** An empty set in the order of partitions. */
  static SortedSet<TopicPartition> noPartitions() {
    return new TreeSet<>((a, b) -> {
      int byTopic = a.topic().compareTo(b.topic());
      return byTopic != 0 ? byTopic : Integer.compare(a.partition(), b.partition());
    });
  }

  /** An id that a producer has come for. */
  static TransactionMetadata created(long producerId, int timeoutMs, long nowMs) {
    return new TransactionMetadata(
        producerId,
        NO_PRODUCER,
        NO_PRODUCER,
        (short) 0,
        timeoutMs,
        TransactionState.EMPTY,
        NO_PARTITIONS,
        NO_TIMESTAMP,
        nowMs,
        (short) 0);
  }

  boolean hasOwnEpochs() {
    return clientVersion >= EPOCHS_PER_TRANSACTION;
  }

  /** No further epoch may be given to a producer. */
  boolean isEpochExhausted() {
    return producerEpoch >= LAST_EPOCH;
  }

  boolean isOf(long askedProducerId, short askedEpoch) {
    return producerId == askedProducerId && producerEpoch == askedEpoch;
  }

  /** The next epoch of the same producer, nothing open. */
  TransactionMetadata bumped(int newTimeoutMs, long nowMs) {
    return empty(producerId, previousProducerId, next(producerEpoch), newTimeoutMs, nowMs);
  }

  /** Another producer has the id, its epochs from the start. */
  TransactionMetadata rotated(long newProducerId, int newTimeoutMs, long nowMs) {
    return empty(newProducerId, producerId, (short) 0, newTimeoutMs, nowMs);
  }

  private TransactionMetadata empty(
      long newProducerId, long previous, short epoch, int newTimeoutMs, long nowMs) {
    return new TransactionMetadata(
        newProducerId,
        previous,
        NO_PRODUCER,
        epoch,
        newTimeoutMs,
        TransactionState.EMPTY,
        NO_PARTITIONS,
        NO_TIMESTAMP,
        nowMs,
        clientVersion);
  }

  TransactionMetadata with(Collection<TopicPartition> added, short version, long nowMs) {
    SortedSet<TopicPartition> all = noPartitions();
    all.addAll(partitions);
    all.addAll(added);
    return new TransactionMetadata(
        producerId,
        previousProducerId,
        nextProducerId,
        producerEpoch,
        timeoutMs,
        TransactionState.ONGOING,
        all,
        state == TransactionState.ONGOING ? startTimestampMs : nowMs,
        nowMs,
        version);
  }

  /**
   * The end is decided.
   *
   * @param bumpsEpoch whether the markers carry the epoch after the transaction's
   * @param rotatesTo the producer that takes over, because there is no epoch after the markers';
   *     null when there is
   */
  TransactionMetadata prepared(
      boolean isCommit, boolean bumpsEpoch, @Nullable Long rotatesTo, short version, long nowMs) {
    return new TransactionMetadata(
        producerId,
        previousProducerId,
        rotatesTo == null ? NO_PRODUCER : rotatesTo,
        bumpsEpoch ? next(producerEpoch) : producerEpoch,
        timeoutMs,
        isCommit ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT,
        partitions,
        state == TransactionState.ONGOING ? startTimestampMs : nowMs,
        nowMs,
        version);
  }

  /** All markers are written. */
  TransactionMetadata completed(long nowMs) {
    boolean rotates = nextProducerId != NO_PRODUCER;
    return new TransactionMetadata(
        rotates ? nextProducerId : producerId,
        rotates ? producerId : previousProducerId,
        NO_PRODUCER,
        rotates ? 0 : producerEpoch,
        timeoutMs,
        state == TransactionState.PREPARE_COMMIT
            ? TransactionState.COMPLETE_COMMIT
            : TransactionState.COMPLETE_ABORT,
        NO_PARTITIONS,
        startTimestampMs,
        nowMs,
        clientVersion);
  }

  /** What the producer goes on with once this is committed. */
  long goesOnAs() {
    return nextProducerId == NO_PRODUCER ? producerId : nextProducerId;
  }

  short goesOnInEpoch() {
    return nextProducerId == NO_PRODUCER ? producerEpoch : 0;
  }

  /** Whether this is who the producer is once this is committed. */
  boolean goesOnFor(TransactionalProducer producer) {
    return goesOnAs() == producer.producerId() && goesOnInEpoch() == producer.producerEpoch();
  }

  private static short next(short epoch) {
    if (epoch == Short.MAX_VALUE) {
      throw new IllegalStateException("no epoch after " + epoch);
    }
    return (short) (epoch + 1);
  }
}
