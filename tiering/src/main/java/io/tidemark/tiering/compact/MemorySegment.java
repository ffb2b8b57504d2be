package io.tidemark.tiering.compact;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.index.ActiveIndex;
import io.tidemark.log.index.IndexKind;
import io.tidemark.log.partition.ClosedSegment;
import java.nio.ByteBuffer;
import java.util.List;

/** A segment that was written anew and is in memory alone. Immutable; any thread. */
record MemorySegment(
    long baseOffset,
    long nextOffset,
    ByteBuffer records,
    ActiveIndex index,
    ByteBuffer producerSnapshot,
    List<EpochEntry> lineage)
    implements ClosedSegment {
  @Override
  public long sizeBytes() {
    return records.limit();
  }

  @Override
  public long maxTimestampMs() {
    return index.maxTimestampMs();
  }

  @Override
  public long lastModifiedMs() {
    throw new UnsupportedOperationException("it was never in a file");
  }

  @Override
  public boolean retain() {
    return true;
  }

  @Override
  public void release() {}

  @Override
  public void read(ByteBuffer dst, long position) {
    int length = (int) Math.min(dst.remaining(), sizeBytes() - position);
    dst.put(records.slice(Math.toIntExact(position), length));
  }

  @Override
  public ByteBuffer offsetIndex() {
    return index.entries(IndexKind.OFFSET);
  }

  @Override
  public ByteBuffer timeIndex() {
    return index.entries(IndexKind.TIME);
  }

  @Override
  public ByteBuffer transactionIndex() {
    return index.entries(IndexKind.TRANSACTION);
  }

  @Override
  public ByteBuffer producerSnapshot() {
    return producerSnapshot.asReadOnlyBuffer();
  }

  @Override
  public void verify() {
    throw new UnsupportedOperationException("every batch is checked before it is stored");
  }
}
