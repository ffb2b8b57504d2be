package io.tidemark.log.replica;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.partition.MemorySlice;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What was appended last is read from memory, and memory is bounded. */
class TailCacheTest {
  private static final int CHUNK = 4096;

  private final TailCache cache = new TailCache(4 * CHUNK, CHUNK);
  private boolean isRead = true;
  private final Tail tail = new Tail(cache, () -> isRead);

  @Test
  void batchesJustAppendedAreReadBackByteForByte() {
    ByteBuffer first = batch(0, 3, 100);
    ByteBuffer second = batch(3, 2, 100);
    tail.add(0, 3, first);
    tail.add(3, 5, second);

    assertThat(offsets(tail.read(0, 1_000_000, 5, true))).containsExactly(0L, 3L);
    assertThat(offsets(tail.read(4, 1_000_000, 5, true))).containsExactly(3L);
    MemorySlice slice = read(0, 1_000_000, 5);
    ByteBuffer copy = ByteBuffer.allocate(slice.sizeBytes());
    slice.read(copy, 0);
    assertThat(copy.flip().mismatch(concat(first, second))).isEqualTo(-1);
  }

  @Test
  void aReadEndsAtItsLimitsAndHasOneBatchAtLeastWhenAsked() {
    ByteBuffer batches = concat(batch(0, 1, 100), batch(1, 1, 100), batch(2, 1, 100));
    int size = batches.remaining() / 3;
    tail.add(0, 3, batches);

    assertThat(offsets(tail.read(0, 2 * size + 5, 3, true))).containsExactly(0L, 1L);
    assertThat(offsets(tail.read(0, 1_000_000, 2, true))).containsExactly(0L, 1L);
    assertThat(offsets(tail.read(1, 1, 3, true))).containsExactly(1L);
    assertThat(tail.read(1, 1, 3, false)).isNull();
    assertThat(tail.read(0, 1_000_000, 0, true)).isNull();
    assertThat(tail.read(3, 1_000_000, 9, true)).isNull();
  }

  @Test
  void aReadStopsAtAHole() {
    tail.add(0, 1, batch(0, 1, 100));
    tail.add(1, 2, batch(1, 1, CHUNK));
    tail.add(2, 3, batch(2, 1, 100));

    assertThat(offsets(tail.read(0, 1_000_000, 3, true))).containsExactly(0L);
    assertThat(tail.read(1, 1_000_000, 3, true)).isNull();
    assertThat(offsets(tail.read(2, 1_000_000, 3, true))).containsExactly(2L);
  }

  @Test
  void whatNobodyWaitsForIsNotCopied() {
    isRead = false;
    tail.add(0, 1, batch(0, 1, 100));
    assertThat(tail.read(0, 1_000_000, 1, true)).isNull();
    assertThat(cache.allocatedBytes()).isZero();
    isRead = true;
    tail.add(1, 2, batch(1, 1, 100));

    assertThat(offsets(tail.read(1, 1_000_000, 2, true))).containsExactly(1L);
  }

  @Test
  void theOldestGoesFirstAndMemoryStaysBounded() {
    for (int i = 0; i < 100; i++) {
      tail.add(i, i + 1, batch(i, 1, 1_500));
    }

    assertThat(cache.allocatedBytes()).isEqualTo(4 * CHUNK);
    assertThat(tail.read(91, 1_000_000, 100, true)).isNull();
    assertThat(offsets(tail.read(92, 1_000_000, 100, true))).hasSize(8);
  }

  @Test
  void bytesBeingReadStayUntouchedWhileOthersAreCached() {
    tail.add(0, 1, batch(0, 1, 1_500));
    MemorySlice held = read(0, 1_000_000, 1);
    for (int i = 1; i < 100; i++) {
      tail.add(i, i + 1, batch(i, 1, 1_500));
    }

    assertThat(offsetsIn(held)).containsExactly(0L);
    assertThat(new BatchCursorCheck(held).isValid()).isTrue();
    assertThat(offsets(tail.read(99, 1_000_000, 100, true))).containsExactly(99L);
    held.release();
    for (int i = 100; i < 200; i++) {
      tail.add(i, i + 1, batch(i, 1, 1_500));
    }
    assertThat(offsets(tail.read(193, 1_000_000, 200, true))).hasSize(7);
    assertThat(cache.allocatedBytes()).isEqualTo(4 * CHUNK);
  }

  @Test
  void whenEverythingIsBeingReadNothingIsCachedAndNothingBreaks() {
    List<MemorySlice> held = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tail.add(i, i + 1, batch(i, 1, 1_500));
      held.add(read(i, 1_000_000, i + 1));
    }
    tail.add(8, 9, batch(8, 1, 1_500));
    tail.add(9, 10, batch(9, 1, 1_500));

    assertThat(tail.read(9, 1_000_000, 10, true)).isNull();
    held.forEach(MemorySlice::release);
    tail.add(10, 11, batch(10, 1, 1_500));
    assertThat(offsets(tail.read(10, 1_000_000, 11, true))).containsExactly(10L);
  }

  @Test
  void aTailThatWasClearedHasNothing() {
    tail.add(0, 1, batch(0, 1, 100));
    tail.clear();

    assertThat(tail.read(0, 1_000_000, 1, true)).isNull();
  }

  @Test
  void aRangeIsWarmUntilTheNodeHasWrittenAsMuchAsMemoryHolds() {
    ByteClock clock = new ByteClock(3_200);
    Warmth warmth = new Warmth(clock);
    assertThat(warmth.isWarm(0)).isFalse();
    warmth.appended(10, 1_000);
    warmth.appended(20, 1_000);

    assertThat(warmth.isWarm(9)).isFalse();
    assertThat(warmth.isWarm(10)).isTrue();
    clock.advance(3_000);
    assertThat(warmth.isWarm(19)).isFalse();
    assertThat(warmth.isWarm(20)).isTrue();
    clock.advance(1_000);
    assertThat(warmth.isWarm(20)).isFalse();
  }

  private record BatchCursorCheck(MemorySlice slice) {
    boolean isValid() {
      BatchCursor cursor = new BatchCursor(slice.buffers().getFirst());
      return cursor.next() && cursor.header().isValidCrc();
    }
  }

  private MemorySlice read(long offset, int maxBytes, long endOffset) {
    return requireNonNull(tail.read(offset, maxBytes, endOffset, true));
  }

  private static List<Long> offsets(@Nullable MemorySlice slice) {
    List<Long> offsets = offsetsIn(requireNonNull(slice));
    slice.release();
    return offsets;
  }

  private static List<Long> offsetsIn(MemorySlice slice) {
    List<Long> offsets = new ArrayList<>();
    for (ByteBuffer buffer : slice.buffers()) {
      BatchCursor cursor = new BatchCursor(buffer);
      while (cursor.next()) {
        offsets.add(cursor.header().baseOffset());
      }
      assertThat(cursor.remainingBytes()).isZero();
    }
    return offsets;
  }

  private static ByteBuffer batch(long baseOffset, int records, int valueBytes) {
    RecordBatchBuilder builder = new RecordBatchBuilder(CompressionSpec.NONE);
    for (int i = 0; i < records; i++) {
      builder.append(1, null, new byte[valueBytes]);
    }
    ByteBuffer batch = builder.build();
    batch.putLong(0, baseOffset);
    return batch;
  }

  private static ByteBuffer concat(ByteBuffer... buffers) {
    int size = 0;
    for (ByteBuffer buffer : buffers) {
      size += buffer.remaining();
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    for (ByteBuffer buffer : buffers) {
      all.put(buffer.duplicate());
    }
    return all.flip();
  }
}
