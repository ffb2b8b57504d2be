package io.tidemark.log.partition;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.index.IndexKind;
import io.tidemark.log.producer.ProducerSnapshot;
import io.tidemark.log.producer.ProducerTable;
import io.tidemark.log.recovery.ProducerReplay;
import io.tidemark.log.segment.OpenFile;
import io.tidemark.log.segment.Segment;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A closed segment of a {@link PartitionLog}, as it was when asked for. */
final class StoredSegment implements ClosedSegment {
  private final Segment segment;
  private final List<Segment> upToThis;
  private final long nextOffset;
  private final long sizeBytes;
  private final boolean isGapless;
  private final List<EpochEntry> lineage;

  /**
   * The segment at a place of a state that is not the last.
   *
   * @param isGapless whether offsets must follow without a gap
   */
  StoredSegment(LogState state, int at, boolean isGapless, List<EpochEntry> lineage) {
    this.segment = state.segments().get(at);
    this.upToThis = state.segments().subList(0, at + 1);
    this.nextOffset = state.nextOffset(at);
    this.sizeBytes = segment.sizeBytes();
    this.isGapless = isGapless;
    this.lineage = lineage;
  }

  @Override
  public long baseOffset() {
    return segment.baseOffset();
  }

  @Override
  public long nextOffset() {
    return nextOffset;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public long maxTimestampMs() throws IOException {
    return segment.index().maxTimestampMs();
  }

  @Override
  public long lastModifiedMs() throws IOException {
    return segment.store().disk().lastModifiedMs(segment.file());
  }

  @Override
  public boolean retain() {
    return segment.retain();
  }

  @Override
  public void release() {
    segment.release();
  }

  @Override
  public void read(ByteBuffer dst, long position) throws IOException {
    int length = (int) Math.min(dst.remaining(), Math.max(0, sizeBytes - position));
    ByteBuffer window = dst.slice(dst.position(), length);
    OpenFile file = segment.acquire();
    try {
      if (file.file().read(window, position) != length) {
        throw new EOFException(segment + " is shorter than " + sizeBytes + " bytes");
      }
    } finally {
      file.release();
    }
    dst.position(dst.position() + length);
  }

  @Override
  public ByteBuffer offsetIndex() throws IOException {
    return segment.index().entries(IndexKind.OFFSET);
  }

  @Override
  public ByteBuffer timeIndex() throws IOException {
    return segment.index().entries(IndexKind.TIME);
  }

  @Override
  public ByteBuffer transactionIndex() throws IOException {
    return segment.index().entries(IndexKind.TRANSACTION);
  }

  @Override
  public ByteBuffer producerSnapshot() throws IOException {
    ProducerTable table = ProducerReplay.at(nextOffset, upToThis);
    return ProducerSnapshot.encode(table.all());
  }

  @Override
  public List<EpochEntry> lineage() {
    return lineage;
  }

  SegmentBatches batches() throws IOException {
    return new SegmentBatches(segment, sizeBytes, isGapless ? nextOffset : -1);
  }

  @Override
  public void verify() throws IOException {
    try (SegmentBatches batches = batches()) {
      while (batches.next()) {
        // Checked on the way.
      }
    }
  }

  @Override
  public boolean isDamaged() {
    return segment.damage() != null;
  }

  /** The segment of the log that this stands for. */
  Segment segment() {
    return segment;
  }

  @Override
  public String toString() {
    return segment.toString();
  }
}
