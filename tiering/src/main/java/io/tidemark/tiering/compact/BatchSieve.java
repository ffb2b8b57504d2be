package io.tidemark.tiering.compact;

import io.tidemark.log.clean.BatchCompaction;
import io.tidemark.log.index.TransactionIndexEntries;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stays of batches that are walked in order. One thread. */
sealed interface BatchSieve {
  /** A segment begins, with this transaction index. */
  void begin(ByteBuffer transactionIndex);

  /** What is to be written of the batch; null when nothing is. */
  @Nullable ByteBuffer sieved(ByteBuffer buffer, RecordBatchHeader batch, boolean isLastOfSegment);

  /** The aborted transaction that ends with the last batch, to be listed; null when none does. */
  @Nullable AbortedTransaction aborted();

  /** What a compaction leaves. */
  record Compacting(BatchCompaction compaction) implements BatchSieve {
    @Override
    public void begin(ByteBuffer transactionIndex) {}

    @Override
    public @Nullable ByteBuffer sieved(
        ByteBuffer buffer, RecordBatchHeader batch, boolean isLastOfSegment) {
      return compaction.rewritten(buffer, batch, isLastOfSegment);
    }

    @Override
    public @Nullable AbortedTransaction aborted() {
      return compaction.keptAborted();
    }
  }

  /** Everything, and the transaction index as it is. */
  final class Merging implements BatchSieve {
    private final Map<Long, AbortedTransaction> byMarker = new HashMap<>();
    private @Nullable AbortedTransaction aborted;

    @Override
    public void begin(ByteBuffer transactionIndex) {
      byMarker.clear();
      List<AbortedTransaction> listed = TransactionIndexEntries.all(transactionIndex);
      listed.forEach(transaction -> byMarker.put(transaction.lastOffset(), transaction));
    }

    @Override
    public ByteBuffer sieved(ByteBuffer buffer, RecordBatchHeader batch, boolean isLastOfSegment) {
      aborted = batch.isControl() ? byMarker.get(batch.baseOffset()) : null;
      return buffer.slice(batch.position(), batch.sizeBytes());
    }

    @Override
    public @Nullable AbortedTransaction aborted() {
      return aborted;
    }
  }
}
