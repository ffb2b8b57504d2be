package io.tidemark.log.index;

import io.tidemark.fuzz.Repair;
import io.tidemark.log.producer.ProducerBatch;
import io.tidemark.log.producer.ProducerSnapshot;
import io.tidemark.log.producer.ProducerState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A file beside a segment: an index that can be searched, the producers' state, or nothing. A
 * search never leaves the entries, whatever they hold.
 */
public final class IndexTarget {
  private static final int KIND_AT = 5;
  private static final int CRC_AT = 8;
  private static final int COUNT_AT = 12;
  private static final int SEGMENT_SIZE_AT = 16;
  private static final int SNAPSHOT_HEAD_BYTES = 10;

  private IndexTarget() {}

  /** An index of each kind, and a producer snapshot. */
  public static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (IndexKind kind : IndexKind.values()) {
      ByteBuffer entries = ByteBuffer.allocate(5 * kind.entryBytes());
      for (int i = 0; i < entries.limit(); i++) {
        entries.put(i, (byte) (i / kind.entryBytes()));
      }
      seeds.add(IndexFile.encode(kind, entries, 1 << 20).array());
    }
    ProducerBatch batch = new ProducerBatch(7, 1_000, 2, 1_800_000_000_000L);
    ProducerState producer =
        new ProducerState(1, (short) 0, List.of(batch), 1_800_000_000_000L, -1, -1);
    seeds.add(ProducerSnapshot.encode(List.of(producer)).array());
    return seeds;
  }

  public static void fuzzerTestOneInput(byte[] input) {
    for (IndexKind kind : IndexKind.values()) {
      search(kind, IndexFile.decode(kind, input, 1 << 20));
      if (input.length >= IndexFile.HEAD_BYTES) {
        search(kind, IndexFile.decode(kind, repaired(kind, input), 1 << 20));
      }
    }
    ProducerSnapshot.decode(ByteBuffer.wrap(input));
    if (input.length >= SNAPSHOT_HEAD_BYTES) {
      byte[] snapshot = input.clone();
      ByteBuffer.wrap(snapshot).putShort(0, (short) 1);
      Repair.crc32c(snapshot, Short.BYTES, Short.BYTES + Integer.BYTES, snapshot.length);
      ProducerSnapshot.decode(ByteBuffer.wrap(snapshot));
    }
  }

  private static byte[] repaired(IndexKind kind, byte[] input) {
    byte[] file = input.clone();
    ByteBuffer.wrap(file)
        .put(IndexFile.encode(kind, ByteBuffer.allocate(0), 1 << 20).slice(0, CRC_AT))
        .putInt(COUNT_AT, (file.length - IndexFile.HEAD_BYTES) / kind.entryBytes())
        .putLong(SEGMENT_SIZE_AT, 1 << 20)
        .put(KIND_AT, kind.number());
    Repair.crc32c(file, CRC_AT, COUNT_AT, file.length);
    return file;
  }

  private static void search(IndexKind kind, ByteBuffer entries) {
    if (entries == null) {
      return;
    }
    for (long wanted : new long[] {Long.MIN_VALUE, -1, 0, 1_000, Integer.MAX_VALUE}) {
      switch (kind) {
        case OFFSET -> OffsetIndexEntries.floorPosition(entries, wanted);
        case TIME -> TimeIndexEntries.floorOffset(entries, wanted);
        case TRANSACTION -> TransactionIndexEntries.all(entries);
      }
    }
  }
}
