package io.tidemark.log.clean;

import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One compaction of batches that lie elsewhere than in a hot log, by the rules of the local
 * cleaner. The caller walks them twice, in order: those that are dirty for their keys, then all
 * from the first on for what stays of them.
 *
 * <pre>
 *            clean                   dirty
 *   ├──────────────────────┼───────────────────────┤
 *                          note, note, … false: the map is full, or none is left
 *   rewritten, rewritten, …           endOffset ─▶ as they are
 * </pre>
 *
 * What a producer wrote last does not stay for its own sake: the state of producers is stored
 * beside such batches. Not thread-safe, but may go from thread to thread.
 */
public final class BatchCompaction {
  private final Scope scope;
  private final List<AbortedTransaction> aborted;
  private final OffsetMap map;
  private final KeyNotes notes;
  private @Nullable BatchRewrite rewrite;

  /**
   * What is compacted.
   *
   * @param startOffset below it everything is clean, and delete horizons count
   * @param endOffset where what is dirty ends
   * @param nowMs the wall clock
   */
  public record Scope(long startOffset, long endOffset, long nowMs, long deleteRetentionMs) {}

  /**
   * Memory for keys.
   *
   * @param bytes at most
   * @param loadFactor how full it may become
   */
  public record Memory(long bytes, double loadFactor) {
    int slots(Scope scope) {
      long wanted = OffsetMap.slotsFor(scope.endOffset() - scope.startOffset(), loadFactor);
      long most = Math.clamp(bytes / OffsetMap.SLOT_BYTES, 2, OffsetMap.MAX_SLOTS);
      return (int) Math.min(most, wanted);
    }
  }

  /**
   * @param aborted the aborted transactions of all that is walked; every transaction is decided
   * @param random draws the secret of the keys' hashes
   */
  public BatchCompaction(
      Scope scope, List<AbortedTransaction> aborted, Memory memory, RandomGenerator random) {
    this.scope = scope;
    this.aborted = List.copyOf(aborted);
    this.map =
        new OffsetMap(
            new KeyHash(random.nextLong(), random.nextLong()),
            memory.slots(scope),
            memory.loadFactor());
    this.notes =
        new KeyNotes(map, new CleanedTransactions(aborted), scope.startOffset(), scope.endOffset());
  }

  /** Takes the keys of the next dirty batch; false when the map is full and no more is needed. */
  public boolean note(ByteBuffer buffer, RecordBatchHeader batch) {
    notes.take(buffer, batch);
    return !notes.isFull();
  }

  /** Where everything below is clean once all that {@link #rewritten} says is done. */
  public long endOffset() {
    return notes.endOffset();
  }

  public boolean isMapFull() {
    return notes.isFull();
  }

  /**
   * What stays of the next batch; null when nothing does. To be asked once all keys are noted.
   *
   * @param isLastOfSegment keeps it, empty if need be
   */
  public @Nullable ByteBuffer rewritten(
      ByteBuffer buffer, RecordBatchHeader batch, boolean isLastOfSegment) {
    return rewrite().rewritten(buffer, batch, isLastOfSegment);
  }

  /** The aborted transaction that ends with the last batch and of which something is left. */
  public @Nullable AbortedTransaction keptAborted() {
    return rewrite().keptAborted();
  }

  /** Records met that have no key, and had to go. */
  public long withoutKey() {
    return rewrite == null ? 0 : rewrite.withoutKey();
  }

  private BatchRewrite rewrite() {
    BatchRewrite begun = rewrite;
    if (begun == null) {
      begun =
          new BatchRewrite(
              map,
              new CleanedTransactions(aborted),
              List.of(),
              new BatchRewrite.Terms(
                  endOffset(),
                  scope.startOffset(),
                  scope.nowMs(),
                  scope.deleteRetentionMs(),
                  false));
      rewrite = begun;
    }
    return begun;
  }
}
