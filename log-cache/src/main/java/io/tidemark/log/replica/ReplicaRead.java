package io.tidemark.log.replica;

import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.producer.AbortedTransaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link ReadRequest}. Whoever gets it releases it, once.
 *
 * @param slice the bytes; null unless {@code source} is MEMORY, PAGE_CACHE or LOCAL_DISK
 * @param view the replica as it was read: its offsets go into the response
 * @param diverging the end of the reader's last epoch here when its log has another history, else
 *     null
 * @param abortedTransactions for {@link Isolation#COMMITTED}
 */
public record ReplicaRead(
    ReadSource source,
    @Nullable LogSlice slice,
    ReplicaView view,
    @Nullable EpochEnd diverging,
    List<AbortedTransaction> abortedTransactions) {

  /** The same bytes, with what is known of the replica by now. */
  public ReplicaRead withView(ReplicaView newer) {
    return new ReplicaRead(source, slice, newer, diverging, abortedTransactions);
  }

  public int sizeBytes() {
    return slice == null ? 0 : slice.sizeBytes();
  }

  public void release() {
    if (slice != null) {
      slice.release();
    }
  }
}
