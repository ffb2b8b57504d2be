package io.tidemark.log.index;

import io.tidemark.log.producer.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The indexes of the segment being written, in memory; written beside it when it closes. One thread
 * adds, any thread reads: each kind is published by one volatile field, and published entries never
 * change. Empty it costs a few hundred bytes.
 */
public final class ActiveIndex implements SegmentIndex {
  private static final int FIRST_CAPACITY = 8;

  /** Pairs of relative offset and position; the first {@code count} pairs are published. */
  @SuppressWarnings("ArrayRecordComponent") // shared by views, never compared
  private record Offsets(int[] pairs, int count) {
    static final Offsets NONE = new Offsets(new int[0], 0);

    Offsets with(int offset, int position) {
      int[] next = pairs.length > 2 * count ? pairs : Arrays.copyOf(pairs, grown(pairs.length, 2));
      next[2 * count] = offset;
      next[2 * count + 1] = position;
      return new Offsets(next, count + 1);
    }
  }

  /** Timestamps and relative offsets; the first {@code count} of each are published. */
  @SuppressWarnings("ArrayRecordComponent") // shared by views, never compared
  private record Times(long[] timestampsMs, int[] offsets, int count) {
    static final Times NONE = new Times(new long[0], new int[0], 0);

    Times with(long timestampMs, int offset) {
      boolean hasRoom = offsets.length > count;
      int capacity = grown(offsets.length, 1);
      long[] nextTimes = hasRoom ? timestampsMs : Arrays.copyOf(timestampsMs, capacity);
      int[] nextOffsets = hasRoom ? offsets : Arrays.copyOf(offsets, capacity);
      nextTimes[count] = timestampMs;
      nextOffsets[count] = offset;
      return new Times(nextTimes, nextOffsets, count + 1);
    }

    long lastMs() {
      return count == 0 ? -1 : timestampsMs[count - 1];
    }
  }

  /** The largest timestamp so far and the batch that brought it. */
  private record Maximum(long timestampMs, int offset) {
    static final Maximum NONE = new Maximum(-1, 0);
  }

  private volatile Offsets offsets = Offsets.NONE;
  private volatile Times times = Times.NONE;
  private volatile Maximum maximum = Maximum.NONE;
  private volatile List<AbortedTransaction> aborted = List.of();

  private int bytesSinceEntry;

  /**
   * Notes a batch that was written.
   *
   * @param offset base offset of the batch, relative to the segment's
   * @param position where it begins
   * @param sizeBytes of the batch
   * @param maxTimestampMs of its records
   * @param intervalBytes after how many bytes of log there is an entry
   */
  public void add(int offset, int position, int sizeBytes, long maxTimestampMs, int intervalBytes) {
    // The entry comes before the maximum moves on: an entry of the time index must not speak of a
    // batch behind the offset entry made with it.
    if (bytesSinceEntry > intervalBytes) {
      offsets = offsets.with(offset, position);
      addTime();
      bytesSinceEntry = 0;
    }
    bytesSinceEntry += sizeBytes;
    if (maxTimestampMs > maximum.timestampMs) {
      maximum = new Maximum(maxTimestampMs, offset);
    }
  }

  private void addTime() {
    if (maximum.timestampMs > times.lastMs()) {
      times = times.with(maximum.timestampMs, maximum.offset);
    }
  }

  /** Notes a transaction whose abort marker was written to the segment. */
  public void add(AbortedTransaction transaction) {
    aborted = Stream.concat(aborted.stream(), Stream.of(transaction)).toList();
  }

  /** Whether one of the indexes would be larger than this at the next entry. */
  public boolean isFull(int maxBytes) {
    return (offsets.count + 1) * OffsetIndexEntries.ENTRY_BYTES > maxBytes
        || (times.count + 2) * TimeIndexEntries.ENTRY_BYTES > maxBytes;
  }

  public List<AbortedTransaction> aborted() {
    return aborted;
  }

  /** The indexes as they stand, the largest timestamp last. */
  public SegmentIndexes freeze() {
    return new SegmentIndexes(
        entries(IndexKind.OFFSET), entries(IndexKind.TIME), entries(IndexKind.TRANSACTION));
  }

  @Override
  public int ceilingOffset(long position) {
    Offsets seen = offsets;
    int low = 0;
    int high = seen.count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (seen.pairs[2 * middle + 1] < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < seen.count ? seen.pairs[2 * low] : -1;
  }

  @Override
  public int floorPosition(long relativeOffset) {
    Offsets seen = offsets;
    int low = 0;
    int high = seen.count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (seen.pairs[2 * middle] <= relativeOffset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 0 : seen.pairs[2 * low - 1];
  }

  @Override
  public int floorOffset(long timestampMs) {
    Times seen = times;
    int low = 0;
    int high = seen.count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (seen.timestampsMs[middle] < timestampMs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 0 : seen.offsets[low - 1];
  }

  @Override
  public long maxTimestampMs() {
    return maximum.timestampMs;
  }

  @Override
  public int maxTimestampOffset() {
    return maximum.offset;
  }

  @Override
  public ByteBuffer entries(IndexKind kind) {
    ByteBuffer entries =
        switch (kind) {
          case OFFSET -> offsetEntries(offsets);
          case TIME -> timeEntries(times, maximum);
          case TRANSACTION -> transactionEntries(aborted);
        };
    return entries.flip().asReadOnlyBuffer();
  }

  private static ByteBuffer offsetEntries(Offsets seen) {
    ByteBuffer entries = ByteBuffer.allocate(seen.count * OffsetIndexEntries.ENTRY_BYTES);
    for (int i = 0; i < 2 * seen.count; i++) {
      entries.putInt(seen.pairs[i]);
    }
    return entries;
  }

  private static ByteBuffer timeEntries(Times seen, Maximum maximum) {
    boolean maximumIsLast = maximum.timestampMs <= seen.lastMs();
    int count = maximumIsLast ? seen.count : seen.count + 1;
    ByteBuffer entries = ByteBuffer.allocate(count * TimeIndexEntries.ENTRY_BYTES);
    for (int i = 0; i < seen.count; i++) {
      entries.putLong(seen.timestampsMs[i]).putInt(seen.offsets[i]);
    }
    return maximumIsLast ? entries : entries.putLong(maximum.timestampMs).putInt(maximum.offset);
  }

  private static ByteBuffer transactionEntries(List<AbortedTransaction> aborted) {
    int bytes = aborted.size() * TransactionIndexEntries.ENTRY_BYTES;
    ByteBuffer entries = ByteBuffer.allocate(bytes);
    aborted.forEach(transaction -> TransactionIndexEntries.write(entries, transaction));
    return entries;
  }

  /** The index a clean stop wrote, taken up again; the next batch gets an entry. */
  public static ActiveIndex resume(SegmentIndexes written) {
    ActiveIndex index = new ActiveIndex();
    for (int i = 0; i < OffsetIndexEntries.count(written.offset()); i++) {
      index.offsets =
          index.offsets.with(
              OffsetIndexEntries.relativeOffset(written.offset(), i),
              OffsetIndexEntries.position(written.offset(), i));
    }
    for (int i = 0; i < TimeIndexEntries.count(written.time()); i++) {
      index.maximum =
          new Maximum(
              TimeIndexEntries.timestampMs(written.time(), i),
              TimeIndexEntries.relativeOffset(written.time(), i));
      index.addTime();
    }
    index.aborted = TransactionIndexEntries.all(written.transaction());
    index.bytesSinceEntry = Integer.MAX_VALUE / 2;
    return index;
  }

  private static int grown(int length, int perEntry) {
    return Math.max(FIRST_CAPACITY * perEntry, length * 2);
  }
}
