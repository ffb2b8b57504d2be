package io.tidemark.log.replica;

import io.tidemark.log.partition.MemorySlice;
import io.tidemark.log.record.BatchCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the tail cache holds of one replica. Filled by whoever drains the partition; read from any
 * thread. A hole in it costs a read of the file, nothing else.
 */
final class Tail {
  private record Entry(
      long baseOffset, long nextOffset, TailChunk chunk, int position, int sizeBytes) {}

  private final TailCache cache;
  private final BooleanSupplier isRead;
  private final ConcurrentSkipListMap<Long, Entry> entries = new ConcurrentSkipListMap<>();

  /**
   * A tail that keeps what somebody is likely to read.
   *
   * @param isRead whether anybody waits to read what is appended
   */
  Tail(TailCache cache, BooleanSupplier isRead) {
    this.cache = cache;
    this.isRead = isRead;
  }

  /** Keeps a copy of batches just appended, if somebody waits for them and there is room. */
  void add(long baseOffset, long nextOffset, ByteBuffer batches) {
    if (!isRead.getAsBoolean()) {
      return;
    }
    TailCache.Place place = cache.reserve(batches.remaining());
    if (place == null) {
      return;
    }
    TailChunk chunk = place.chunk();
    chunk.copy(batches, place.position());
    Entry entry = new Entry(baseOffset, nextOffset, chunk, place.position(), batches.remaining());
    entries.put(baseOffset, entry);
    chunk.onEviction(() -> entries.remove(baseOffset, entry));
    chunk.release();
  }

  /** Forgets everything: the log was cut. */
  void clear() {
    entries.clear();
  }

  /**
   * The batches from the one that holds the offset on, as far as they lie in memory one after the
   * other, end at or below {@code endOffset} and come to at most {@code maxBytes}, the first of
   * them perhaps more; null when that is nothing.
   */
  @Nullable MemorySlice read(long offset, int maxBytes, long endOffset, boolean atLeastOneBatch) {
    Map.Entry<Long, Entry> floor = entries.floorEntry(offset);
    if (floor == null || offset >= floor.getValue().nextOffset) {
      return null;
    }
    Reading reading = new Reading(offset, maxBytes, endOffset, atLeastOneBatch);
    Entry entry = floor.getValue();
    while (entry != null && reading.take(entry)) {
      entry = entries.get(entry.nextOffset);
    }
    return reading.result();
  }

  /** Collects windows, entry by entry, while they fit. */
  private static final class Reading {
    private final long offset;
    private final long endOffset;
    private final List<ByteBuffer> windows = new ArrayList<>();
    private final List<TailChunk> retained = new ArrayList<>();
    private int leftBytes;
    private boolean mayExceed;

    Reading(long offset, int maxBytes, long endOffset, boolean atLeastOneBatch) {
      this.offset = offset;
      this.endOffset = endOffset;
      this.leftBytes = maxBytes;
      this.mayExceed = atLeastOneBatch;
    }

    /** True when all of it fitted and the next entry may follow. */
    boolean take(Entry entry) {
      if (!entry.chunk.retain()) {
        return false;
      }
      ByteBuffer batches = entry.chunk.window(entry.position, entry.sizeBytes);
      boolean isWhole = limit(batches);
      if (batches.hasRemaining()) {
        windows.add(batches);
        retained.add(entry.chunk);
        leftBytes -= batches.remaining();
      } else {
        entry.chunk.release();
      }
      return isWhole;
    }

    /** Narrows the window to the batches wanted; true when none at its end was left out. */
    private boolean limit(ByteBuffer batches) {
      BatchCursor cursor = new BatchCursor(batches);
      int start = batches.limit();
      int end = batches.limit();
      boolean isWhole = true;
      while (isWhole && cursor.next()) {
        if (cursor.header().nextOffset() <= offset) {
          continue;
        }
        start = Math.min(start, cursor.header().position());
        int sizeBytes = cursor.nextPosition() - start;
        if (cursor.header().nextOffset() > endOffset || (sizeBytes > leftBytes && !mayExceed)) {
          end = cursor.header().position();
          isWhole = false;
        }
        mayExceed = false;
      }
      batches.position(Math.min(start, end)).limit(end);
      return isWhole;
    }

    @Nullable MemorySlice result() {
      return windows.isEmpty()
          ? null
          : new MemorySlice(windows, () -> retained.forEach(TailChunk::release));
    }
  }
}
