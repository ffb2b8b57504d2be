package io.tidemark.tiering.upload;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.index.OffsetIndexEntries;
import io.tidemark.log.index.TimeIndexEntries;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The upper part of a closed segment, from a batch that begins at the tiered offset on. Replicas
 * close segments where it suits them, so a new leader's segment may straddle the tiered offset; no
 * offset is uploaded twice, so only its upper part is. Indexes are made anew for the part. Retained
 * and released through the whole segment; any thread that may wait for a disk.
 */
final class CutSegment implements ClosedSegment {
  private static final int INDEX_INTERVAL_BYTES = 4096;

  private final ClosedSegment whole;
  private final long baseOffset;
  private final long cutPosition;
  private final ByteBuffer offsetIndex;
  private final ByteBuffer timeIndex;

  private CutSegment(
      ClosedSegment whole,
      long baseOffset,
      long cutPosition,
      ByteBuffer offsetIndex,
      ByteBuffer timeIndex) {
    this.whole = whole;
    this.baseOffset = baseOffset;
    this.cutPosition = cutPosition;
    this.offsetIndex = offsetIndex;
    this.timeIndex = timeIndex;
  }

  /** The segment from {@code offset} on; the segment itself when it begins there or above. */
  static ClosedSegment from(ClosedSegment whole, long offset) throws IOException {
    if (offset <= whole.baseOffset()) {
      return whole;
    }
    Walk walk = new Walk(whole, whole.offsetIndex(), offset);
    walk.run();
    return new CutSegment(
        whole, offset, walk.cutPosition, walk.offsetIndex.flip(), walk.timeIndex.flip());
  }

  /** Walks the batch headers behind the cut and notes index entries. */
  private static final class Walk {
    private final ClosedSegment segment;
    private final long cutOffset;
    private final ByteBuffer header = ByteBuffer.allocate(RecordBatchHeader.SIZE_BYTES);
    private final ByteBuffer offsetIndex;
    private final ByteBuffer timeIndex;
    private long position;
    private long cutPosition = -1;
    private long indexedPosition;
    private long maxTimestampMs = -1;

    Walk(ClosedSegment segment, ByteBuffer wholeIndex, long cutOffset) {
      this.segment = segment;
      this.cutOffset = cutOffset;
      this.position =
          OffsetIndexEntries.floorPosition(wholeIndex, cutOffset - segment.baseOffset());
      int entries = Math.toIntExact((segment.sizeBytes() - position) / INDEX_INTERVAL_BYTES + 2);
      this.offsetIndex = ByteBuffer.allocate(entries * OffsetIndexEntries.ENTRY_BYTES);
      this.timeIndex = ByteBuffer.allocate((entries + 1) * TimeIndexEntries.ENTRY_BYTES);
    }

    void run() throws IOException {
      long pendingMax = -1;
      int pendingOffset = 0;
      while (position < segment.sizeBytes()) {
        RecordBatchHeader batch = headerAt(position);
        checkIsNotCut(batch);
        if (batch.baseOffset() >= cutOffset) {
          begin();
          int relative = Math.toIntExact(batch.baseOffset() - cutOffset);
          if (batch.maxTimestamp() > Math.max(maxTimestampMs, pendingMax)) {
            pendingMax = batch.maxTimestamp();
            pendingOffset = relative;
          }
          if (position - indexedPosition >= INDEX_INTERVAL_BYTES) {
            offsetIndex.putInt(relative).putInt((int) (position - cutPosition));
            noteTime(pendingMax, pendingOffset);
            indexedPosition = position;
          }
        }
        position += batch.sizeBytes();
      }
      noteTime(pendingMax, pendingOffset);
      if (cutPosition < 0) {
        throw new IOException(
            "Segment %d holds no batch from %d on".formatted(segment.baseOffset(), cutOffset));
      }
    }

    private void checkIsNotCut(RecordBatchHeader batch) throws IOException {
      if (batch.baseOffset() < cutOffset && batch.nextOffset() > cutOffset) {
        throw new IOException(
            "No batch of segment %d begins at the tiered offset %d"
                .formatted(segment.baseOffset(), cutOffset));
      }
    }

    /** In a compacted segment the first batch may begin above the cut. */
    private void begin() {
      if (cutPosition < 0) {
        cutPosition = position;
        indexedPosition = position;
      }
    }

    private void noteTime(long timestampMs, int relative) {
      if (timestampMs > maxTimestampMs) {
        timeIndex.putLong(timestampMs).putInt(relative);
        maxTimestampMs = timestampMs;
      }
    }

    private RecordBatchHeader headerAt(long at) throws IOException {
      segment.read(header.clear(), at);
      if (header.hasRemaining()) {
        throw new IOException("Segment %d ends within a batch".formatted(segment.baseOffset()));
      }
      RecordBatchHeader batch = new RecordBatchHeader();
      batch.wrap(header, 0);
      if (!batch.isPlausible()) {
        throw new IOException("Segment %d has no batch at %d".formatted(segment.baseOffset(), at));
      }
      return batch;
    }
  }

  @Override
  public long baseOffset() {
    return baseOffset;
  }

  @Override
  public long nextOffset() {
    return whole.nextOffset();
  }

  @Override
  public long sizeBytes() {
    return whole.sizeBytes() - cutPosition;
  }

  @Override
  public long maxTimestampMs() {
    return TimeIndexEntries.maxTimestampMs(timeIndex);
  }

  @Override
  public long lastModifiedMs() throws IOException {
    return whole.lastModifiedMs();
  }

  @Override
  public boolean retain() {
    return whole.retain();
  }

  @Override
  public void release() {
    whole.release();
  }

  @Override
  public void read(ByteBuffer dst, long position) throws IOException {
    whole.read(dst, cutPosition + position);
  }

  @Override
  public ByteBuffer offsetIndex() {
    return offsetIndex.asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer timeIndex() {
    return timeIndex.asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer transactionIndex() throws IOException {
    return whole.transactionIndex();
  }

  @Override
  public ByteBuffer producerSnapshot() throws IOException {
    return whole.producerSnapshot();
  }

  @Override
  public List<EpochEntry> lineage() {
    return EpochLineage.of(whole.lineage()).truncateFromStart(baseOffset).entries();
  }

  @Override
  public void verify() throws IOException {
    whole.verify();
  }
}
