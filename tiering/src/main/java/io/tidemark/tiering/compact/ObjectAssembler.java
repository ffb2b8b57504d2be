package io.tidemark.tiering.compact;

import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.index.ActiveIndex;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;

/** Gathers batches, in memory, that become one object. One thread. */
final class ObjectAssembler {
  private static final int INDEX_INTERVAL_BYTES = 4096;
  private static final int FIRST_CAPACITY = 256 << 10;

  private final long baseOffset;
  private final int limitBytes;
  private final ActiveIndex index = new ActiveIndex();
  private ByteBuffer records;
  private long nextOffset;

  ObjectAssembler(long baseOffset, int limitBytes) {
    this.baseOffset = baseOffset;
    this.limitBytes = limitBytes;
    this.records = ByteBuffer.allocate(Math.min(limitBytes, FIRST_CAPACITY));
    this.nextOffset = baseOffset;
  }

  /** Whether the batch still belongs here; always when it would be the first. */
  boolean hasRoomFor(ByteBuffer batch, RecordBatchHeader header) {
    return isEmpty()
        || (sizeBytes() + batch.remaining() <= limitBytes
            && header.nextOffset() - baseOffset <= Integer.MAX_VALUE);
  }

  boolean isEmpty() {
    return records.position() == 0;
  }

  int sizeBytes() {
    return records.position();
  }

  /** One past the last offset of the last batch. */
  long nextOffset() {
    return nextOffset;
  }

  /** Copies a batch. */
  void append(ByteBuffer batch) {
    RecordBatchHeader header = new RecordBatchHeader().wrap(batch, batch.position());
    index.add(
        Math.toIntExact(header.baseOffset() - baseOffset),
        sizeBytes(),
        header.sizeBytes(),
        header.count() == 0 ? RecordBatchHeader.NO_TIMESTAMP : header.maxTimestamp(),
        INDEX_INTERVAL_BYTES);
    nextOffset = header.nextOffset();
    makeRoom(batch.remaining());
    records.put(batch.duplicate());
  }

  private void makeRoom(int bytes) {
    if (bytes > records.remaining()) {
      int doubled = (int) Math.min(2L * records.capacity(), limitBytes);
      int needed = records.position() + bytes;
      records = ByteBuffer.allocate(Math.max(doubled, needed)).put(records.flip());
    }
  }

  /** Notes an aborted transaction of which batches are left and whose marker came last. */
  void aborted(AbortedTransaction transaction) {
    index.add(transaction);
  }

  /**
   * The segment, up to an offset.
   *
   * @param lineage of the log, at least up to there
   * @param producerSnapshot the producers' state there; empty where it is not known
   */
  MemorySegment finish(long endOffset, EpochLineage lineage, ByteBuffer producerSnapshot) {
    return new MemorySegment(
        baseOffset,
        endOffset,
        records.flip(),
        index,
        producerSnapshot,
        lineage.truncateFromEnd(endOffset).entries());
  }
}
