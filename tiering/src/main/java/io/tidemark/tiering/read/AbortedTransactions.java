package io.tidemark.tiering.read;

import io.tidemark.log.index.TransactionIndexEntries;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentTail;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The aborted transactions that overlap a range of offsets. One is listed where its marker lies, so
 * the search goes on into later segments that list any, until one entry says that everything in the
 * range was decided. What was aborted by markers above the tiered offset is in the hot log's index.
 */
record AbortedTransactions(SegmentTails tails, SegmentFinder finder) {
  /** {@code missing}: the segment whose index is needed first; null when the search is complete. */
  record Found(List<AbortedTransaction> transactions, @Nullable RemoteSegment missing) {}

  Found between(Manifest manifest, RemoteSegment from, long baseOffset, long nextOffset) {
    List<AbortedTransaction> found = new ArrayList<>();
    RemoteSegment segment = from;
    while (segment != null) {
      if (segment.hasAbortedTransactions()) {
        SegmentTail tail = tails.ifHeld(segment);
        if (tail == null) {
          return new Found(List.of(), segment);
        }
        if (collect(tail, baseOffset, nextOffset, found)) {
          break;
        }
      }
      segment =
          segment.nextOffset() < manifest.tieredOffset()
              ? finder.ifHeld(manifest, segment.nextOffset())
              : null;
    }
    return new Found(found, null);
  }

  /** True when no later entry can matter. */
  private static boolean collect(
      SegmentTail tail, long baseOffset, long nextOffset, List<AbortedTransaction> found) {
    for (AbortedTransaction transaction : TransactionIndexEntries.all(tail.transactionIndex())) {
      if (transaction.lastOffset() >= baseOffset && transaction.firstOffset() < nextOffset) {
        found.add(transaction);
      }
      if (transaction.lastStableOffset() >= nextOffset) {
        return true;
      }
    }
    return false;
  }
}
