package io.tidemark.log.producer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * What a log knows of its producers. Changed by the log's one appender, through {@link
 * ProducerPlan}; {@link #all}, {@link #get} and {@link #firstUnstableOffset} are safe from any
 * thread. A log without producers costs a few objects.
 */
public final class ProducerTable {
  /** There is no such offset. */
  public static final long NO_OFFSET = -1;

  /** Shared by all logs without transactions; never written to. */
  private static final NavigableMap<Long, Long> NONE = Collections.emptyNavigableMap();

  // Volatile because it is replaced once, when the first producer comes; until then it costs
  // nothing.
  private volatile Map<Long, ProducerState> byId = Map.of();

  /** First offset → producer of transactions without a marker. */
  private NavigableMap<Long, Long> open = NONE;

  /** First offset → marker of transactions whose marker is not known to be committed. */
  private NavigableMap<Long, Long> undecided = NONE;

  private volatile long firstUnstableOffset = NO_OFFSET;

  private final TransactionVerifications verifications = new TransactionVerifications();

  /** The table as it was at a snapshot. */
  public static ProducerTable of(List<ProducerState> producers) {
    ProducerTable table = new ProducerTable();
    for (ProducerState producer : producers) {
      table.put(producer);
      if (producer.hasOpenTransaction()) {
        table.begun(producer.currentTxnFirstOffset(), producer.producerId());
      }
    }
    table.publish();
    return table;
  }

  public Collection<ProducerState> all() {
    return List.copyOf(byId.values());
  }

  public @Nullable ProducerState get(long producerId) {
    return byId.get(producerId);
  }

  /** Whether the producer has an open transaction here, of this epoch. */
  public boolean hasOpenTransaction(long producerId, short producerEpoch) {
    ProducerState state = byId.get(producerId);
    return state != null && state.hasOpenTransaction() && state.producerEpoch() == producerEpoch;
  }

  /** As {@link TransactionVerifications#begin}; safe from any thread. */
  public Optional<TransactionVerification> beginVerification(
      long producerId, short producerEpoch, int sequence, long nowMs) {
    return verifications.begin(producerId, producerEpoch, sequence, nowMs);
  }

  /** Nothing was found that the producer may write for; safe from any thread. */
  public void cancelVerification(TransactionVerification verification) {
    verifications.cancel(verification);
  }

  /** Why a transactional batch of a coordinator would be refused; safe from any thread. */
  public Optional<ApiException> refusalOfBatch(long producerId, short producerEpoch) {
    ProducerState state = byId.get(producerId);
    return state == null ? Optional.empty() : ProducerPlan.refusalOfEpoch(state, producerEpoch);
  }

  /** Why a marker would be refused; safe from any thread. */
  public Optional<ApiException> refusalOfMarker(
      long producerId, short producerEpoch, int coordinatorEpoch, TransactionTerms terms) {
    ProducerState state = byId.get(producerId);
    return state == null
        ? Optional.empty()
        : ProducerPlan.refusalOfMarker(state, producerEpoch, coordinatorEpoch, terms);
  }

  TransactionVerifications verifications() {
    return verifications;
  }

  /** Where the oldest transaction begins that is open or whose end is not committed; -1 none. */
  public long firstUnstableOffset() {
    return firstUnstableOffset;
  }

  /** Transactions whose marker lies below the high watermark are decided. */
  public void highWatermarkAdvanced(long highWatermark) {
    if (undecided.isEmpty()) {
      return;
    }
    undecided.values().removeIf(marker -> marker < highWatermark);
    publish();
  }

  /** Forgets producers that wrote nothing for this long and have no open transaction. */
  public void expire(long nowMs, long expirationMs) {
    verifications.expire(nowMs, expirationMs);
    if (byId.isEmpty()) {
      return;
    }
    byId.values()
        .removeIf(producer ->
            !producer.hasOpenTransaction() && nowMs - producer.lastTimestampMs() >= expirationMs);
  }

  /** How many producers are known. */
  public int size() {
    return byId.size();
  }

  /**
   * Forgets so many producers, those first whose last batch lies lowest; none with an open
   * transaction. Answers how many.
   */
  public int forgetOldest(int count) {
    List<ProducerState> oldest =
        byId.values().stream()
            .filter(producer -> !producer.hasOpenTransaction())
            .sorted(Comparator.comparingLong(ProducerState::lastDataOffset))
            .limit(count)
            .toList();
    int forgotten = 0;
    for (ProducerState producer : oldest) {
      if (byId.remove(producer.producerId(), producer)) {
        forgotten++;
      }
    }
    return forgotten;
  }

  void put(ProducerState producer) {
    if (byId.isEmpty() && !(byId instanceof ConcurrentHashMap)) {
      byId = new ConcurrentHashMap<>();
    }
    byId.put(producer.producerId(), producer);
  }

  /** Applies what appended batches did; returns the transactions that were aborted. */
  List<AbortedTransaction> apply(List<TransactionStep> steps) {
    if (steps.isEmpty()) {
      return List.of();
    }
    List<AbortedTransaction> aborted = new ArrayList<>();
    for (TransactionStep step : steps) {
      switch (step) {
        case TransactionStep.Begun begun -> begun(begun.firstOffset(), begun.producerId());
        case TransactionStep.Ended ended -> end(ended, aborted);
      }
    }
    publish();
    return aborted;
  }

  private void begun(long firstOffset, long producerId) {
    open = writable(open);
    open.put(firstOffset, producerId);
  }

  @SuppressWarnings("ReferenceEquality") // the very map that nobody may write to
  private static NavigableMap<Long, Long> writable(NavigableMap<Long, Long> map) {
    return map == NONE ? new TreeMap<>() : map;
  }

  private void end(TransactionStep.Ended ended, List<AbortedTransaction> aborted) {
    if (!open.isEmpty()) {
      open.remove(ended.firstOffset());
    }
    undecided = writable(undecided);
    undecided.put(ended.firstOffset(), ended.markerOffset());
    if (!ended.isCommit()) {
      long lastStableOffset = open.isEmpty() ? ended.markerOffset() + 1 : open.firstKey();
      aborted.add(
          new AbortedTransaction(
              ended.producerId(), ended.firstOffset(), ended.markerOffset(), lastStableOffset));
    }
  }

  private void publish() {
    long oldestOpen = open.isEmpty() ? Long.MAX_VALUE : open.firstKey();
    long oldestUndecided = undecided.isEmpty() ? Long.MAX_VALUE : undecided.firstKey();
    long oldest = Math.min(oldestOpen, oldestUndecided);
    firstUnstableOffset = oldest == Long.MAX_VALUE ? NO_OFFSET : oldest;
  }
}
