package io.tidemark.tiering.compact;

import io.tidemark.log.index.TransactionIndexEntries;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All aborted transactions of which records may lie in the store. Each is listed where its marker
 * is: in the store, or above it in the hot log. Blocks on the store.
 */
record AbortedTransactionList(Opener opener) {
  @FunctionalInterface
  interface Opener {
    RemoteBatches open(RemoteSegment segment)
        throws ObjectStoreException, RemoteRewrite.EndedException;
  }

  List<AbortedTransaction> of(List<RemoteSegment> listed, List<AbortedTransaction> hot)
      throws ObjectStoreException, RemoteRewrite.EndedException {
    List<AbortedTransaction> all = new ArrayList<>();
    Set<Long> markers = new HashSet<>();
    for (RemoteSegment segment : listed) {
      if (segment.hasAbortedTransactions()) {
        TransactionIndexEntries.all(opener.open(segment).tail().transactionIndex())
            .forEach(transaction -> add(transaction, all, markers));
      }
    }
    hot.forEach(transaction -> add(transaction, all, markers));
    return all;
  }

  /** What is hot and cold is listed twice. */
  private static void add(
      AbortedTransaction transaction, List<AbortedTransaction> all, Set<Long> markers) {
    if (markers.add(transaction.lastOffset())) {
      all.add(transaction);
    }
  }
}
