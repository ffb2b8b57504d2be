package io.tidemark.tiering.segment;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.index.OffsetIndexEntries;
import io.tidemark.log.index.TimeIndexEntries;
import io.tidemark.log.index.TransactionIndexEntries;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A closed segment in memory, with the indexes that a log would have made beside it. */
public final class BuiltSegment implements ClosedSegment {
  private static final int INDEX_INTERVAL_BYTES = 4096;

  private final long baseOffset;
  private final long nextOffset;
  private final ByteBuffer records;
  private final ByteBuffer offsetIndex;
  private final ByteBuffer timeIndex;
  private final ByteBuffer transactionIndex;
  private final List<EpochEntry> lineage;
  private final long maxTimestampMs;

  private BuiltSegment(
      ByteBuffer records, List<EpochEntry> lineage, List<AbortedTransaction> aborted) {
    this.records = records;
    this.lineage = List.copyOf(lineage);
    Indexes indexes = new Indexes(records);
    this.baseOffset = indexes.baseOffset;
    this.nextOffset = indexes.nextOffset;
    this.offsetIndex = indexes.offsets();
    this.timeIndex = indexes.times();
    this.maxTimestampMs = TimeIndexEntries.maxTimestampMs(timeIndex);
    this.transactionIndex =
        ByteBuffer.allocate(aborted.size() * TransactionIndexEntries.ENTRY_BYTES);
    aborted.forEach(transaction -> TransactionIndexEntries.write(transactionIndex, transaction));
    transactionIndex.flip();
  }

  /** A segment of these batches, which lie one behind the other. */
  public static BuiltSegment of(ByteBuffer batches, List<EpochEntry> lineage) {
    return new BuiltSegment(batches, lineage, List.of());
  }

  public BuiltSegment withAborted(AbortedTransaction... aborted) {
    return new BuiltSegment(records, lineage, List.of(aborted));
  }

  /**
   * Batches of random records, about {@code sizeBytes} of them, from {@code baseOffset} on, in
   * epoch {@code leaderEpoch}; the record at offset {@code n} has the time {@code startMs + n}.
   */
  public static BuiltSegment random(
      long seed, long baseOffset, int leaderEpoch, int sizeBytes, int valueBytes, long startMs) {
    Random random = new Random(seed);
    List<ByteBuffer> batches = new ArrayList<>();
    long offset = baseOffset;
    int size = 0;
    while (size < sizeBytes) {
      int count = 1 + random.nextInt(20);
      RecordBatchBuilder builder = new RecordBatchBuilder(CompressionSpec.NONE);
      for (int i = 0; i < count; i++) {
        byte[] value = new byte[1 + random.nextInt(2 * valueBytes)];
        random.nextBytes(value);
        builder.append(
            startMs + offset + i, ("k" + (offset + i)).getBytes(StandardCharsets.UTF_8), value);
      }
      ByteBuffer batch = builder.build();
      RecordBatchHeader header = new RecordBatchHeader().wrap(batch, 0);
      header.setBaseOffset(offset);
      header.setLeaderEpoch(leaderEpoch);
      offset += count;
      size += batch.remaining();
      batches.add(batch);
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    batches.forEach(all::put);
    return of(all.flip(), List.of(new EpochEntry(leaderEpoch, baseOffset)));
  }

  /** What a log notes about batches as they are appended. */
  private static final class Indexes {
    private final List<long[]> offsets = new ArrayList<>();
    private final List<long[]> times = new ArrayList<>();
    private final long baseOffset;
    private long nextOffset;

    Indexes(ByteBuffer records) {
      BatchCursor batches = new BatchCursor(records);
      long base = -1;
      long sinceEntry = Long.MAX_VALUE;
      long largest = -1;
      while (batches.next()) {
        RecordBatchHeader header = batches.header();
        base = base < 0 ? header.baseOffset() : base;
        nextOffset = header.nextOffset();
        if (header.maxTimestamp() > largest) {
          largest = header.maxTimestamp();
          times.add(new long[] {largest, header.baseOffset() - base});
        }
        if (sinceEntry > INDEX_INTERVAL_BYTES) {
          offsets.add(new long[] {header.baseOffset() - base, header.position()});
          sinceEntry = 0;
        }
        sinceEntry += header.sizeBytes();
      }
      baseOffset = base;
    }

    ByteBuffer offsets() {
      ByteBuffer bytes = ByteBuffer.allocate(offsets.size() * OffsetIndexEntries.ENTRY_BYTES);
      offsets.forEach(entry -> bytes.putInt((int) entry[0]).putInt((int) entry[1]));
      return bytes.flip();
    }

    ByteBuffer times() {
      ByteBuffer bytes = ByteBuffer.allocate(times.size() * TimeIndexEntries.ENTRY_BYTES);
      times.forEach(entry -> bytes.putLong(entry[0]).putInt((int) entry[1]));
      return bytes.flip();
    }
  }

  /** All batches; shared. */
  public ByteBuffer records() {
    return records;
  }

  @Override
  public long baseOffset() {
    return baseOffset;
  }

  @Override
  public long nextOffset() {
    return nextOffset;
  }

  @Override
  public long sizeBytes() {
    return records.limit();
  }

  @Override
  public long maxTimestampMs() {
    return maxTimestampMs;
  }

  @Override
  public long lastModifiedMs() {
    return maxTimestampMs;
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
    dst.put(records.slice((int) position, length));
  }

  @Override
  public ByteBuffer offsetIndex() {
    return offsetIndex.duplicate();
  }

  @Override
  public ByteBuffer timeIndex() {
    return timeIndex.duplicate();
  }

  @Override
  public ByteBuffer transactionIndex() {
    return transactionIndex.duplicate();
  }

  @Override
  public ByteBuffer producerSnapshot() {
    return ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5});
  }

  @Override
  public List<EpochEntry> lineage() {
    return lineage;
  }

  @Override
  public void verify() {}
}
