package io.tidemark.tiering.read;

import io.tidemark.log.partition.MemorySlice;
import io.tidemark.log.producer.AbortedTransaction;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Consecutive whole record batches from the store. The slice shows cached memory and is valid until
 * it is released, which the receiver does exactly once, from any thread.
 *
 * @param baseOffset of the first batch, at or below the offset asked for
 * @param nextOffset the offset after the last batch: where a sequential reader goes on
 * @param abortedTransactions those that overlap what was read, for read-committed consumers
 */
public record RemoteRead(
    MemorySlice slice,
    long baseOffset,
    long nextOffset,
    List<AbortedTransaction> abortedTransactions) {
  public RemoteRead {
    abortedTransactions = List.copyOf(abortedTransactions);
  }

  /** The same with aborted transactions that are listed elsewhere, too. */
  public RemoteRead withAborted(Collection<AbortedTransaction> more) {
    Set<AbortedTransaction> all = new LinkedHashSet<>(abortedTransactions);
    all.addAll(more);
    return new RemoteRead(slice, baseOffset, nextOffset, List.copyOf(all));
  }

  public int sizeBytes() {
    return slice.sizeBytes();
  }

  public void release() {
    slice.release();
  }
}
