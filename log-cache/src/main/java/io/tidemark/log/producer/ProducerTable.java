package io.tidemark.log.producer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a log knows of its producers. Changed by the log's one appender, through {@link
 * ProducerPlan}; {@link #all}, {@link #get} and {@link #firstUnstableOffset} are safe from any
 * thread. A log without producers costs a few objects.
 */
public final class ProducerTable {
  /** There is no such offset. */
  public static final long NO_OFFSET = -1;

  // Volatile because it is replaced once, when the first producer comes; until then it costs
  // nothing.
  private volatile Map<Long, ProducerState> byId = Map.of();

  /** First offset → producer of transactions without a marker. */
  private final TreeMap<Long, Long> open = new TreeMap<>();

  /** First offset → marker of transactions whose marker is not known to be committed. */
  private final TreeMap<Long, Long> undecided = new TreeMap<>();

  private volatile long firstUnstableOffset = NO_OFFSET;

  /** The table as it was at a snapshot. */
  public static ProducerTable of(List<ProducerState> producers) {
    ProducerTable table = new ProducerTable();
    for (ProducerState producer : producers) {
      table.put(producer);
      if (producer.hasOpenTransaction()) {
        table.open.put(producer.currentTxnFirstOffset(), producer.producerId());
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
    if (byId.isEmpty()) {
      return;
    }
    byId.values()
        .removeIf(producer ->
            !producer.hasOpenTransaction() && nowMs - producer.lastTimestampMs() >= expirationMs);
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
        case TransactionStep.Begun begun -> open.put(begun.firstOffset(), begun.producerId());
        case TransactionStep.Ended ended -> end(ended, aborted);
      }
    }
    publish();
    return aborted;
  }

  private void end(TransactionStep.Ended ended, List<AbortedTransaction> aborted) {
    open.remove(ended.firstOffset());
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
