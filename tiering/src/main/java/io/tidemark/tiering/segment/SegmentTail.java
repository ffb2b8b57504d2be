package io.tidemark.tiering.segment;

import static io.tidemark.tiering.segment.SegmentFooterCodec.check;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.index.OffsetIndexEntries;
import io.tidemark.log.index.TimeIndexEntries;
import io.tidemark.log.index.TransactionIndexEntries;
import io.tidemark.tiering.segment.SegmentPart.Kind;
import io.tidemark.tiering.store.Crc32c;
import io.tidemark.tiering.store.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * All of a segment object but its records, checked: indexes, producer snapshot, lineage and block
 * checksums. Immutable; views are read-only and share the tail's memory.
 */
public final class SegmentTail {
  /** A larger tail is not ours: 2 GiB of records have some 20 MiB of indexes. */
  public static final int MAX_BYTES = 256 * 1024 * 1024;

  private final SegmentFooter footer;
  private final int footerCrc32c;
  private final ByteBuffer bytes;

  private SegmentTail(SegmentFooter footer, int footerCrc32c, ByteBuffer bytes) {
    this.footer = footer;
    this.footerCrc32c = footerCrc32c;
    this.bytes = bytes;
  }

  /**
   * Decodes the bytes behind {@code recordsBytes} of an object.
   *
   * @throws ObjectStoreException {@code CORRUPT} whatever is wrong with them
   */
  public static SegmentTail decode(ByteBuffer tail, long recordsBytes) throws ObjectStoreException {
    ByteBuffer bytes = tail.slice().asReadOnlyBuffer();
    SegmentFooter footer = SegmentFooterCodec.decode(bytes);
    check(footer.part(Kind.RECORDS).sizeBytes() == recordsBytes, "size of the records");
    SegmentTail decoded = new SegmentTail(footer, SegmentFooterCodec.crc32c(bytes), bytes);
    decoded.checkParts();
    return decoded;
  }

  private void checkParts() throws ObjectStoreException {
    long recordsBytes = recordsBytes();
    for (SegmentPart part : footer.parts()) {
      boolean isInside = part.end() - recordsBytes <= bytes.limit();
      check(isInside, part.kind() + " ends at " + part.end());
      if (part.kind() != Kind.RECORDS) {
        check(Crc32c.of(view(part.kind())) == part.crc32c(), "CRC32C of " + part.kind());
      }
    }
    checkEntries(Kind.OFFSET_INDEX, OffsetIndexEntries.ENTRY_BYTES);
    checkEntries(Kind.TIME_INDEX, TimeIndexEntries.ENTRY_BYTES);
    checkEntries(Kind.TRANSACTION_INDEX, TransactionIndexEntries.ENTRY_BYTES);
    checkEntries(Kind.EPOCH_LINEAGE, SegmentObjectWriter.LINEAGE_ENTRY_BYTES);
    int blocks = BlockChecksums.count(recordsBytes, footer.blockBytes());
    check(view(Kind.BLOCK_CHECKSUMS).limit() == 4 * blocks, "number of block checksums");
  }

  private void checkEntries(Kind kind, int entryBytes) throws ObjectStoreException {
    check(view(kind).limit() % entryBytes == 0, "size of " + kind);
  }

  public SegmentFooter footer() {
    return footer;
  }

  public int footerCrc32c() {
    return footerCrc32c;
  }

  public int sizeBytes() {
    return bytes.limit();
  }

  public long recordsBytes() {
    return footer.part(Kind.RECORDS).sizeBytes();
  }

  /** Entries of {@link OffsetIndexEntries}. */
  public ByteBuffer offsetIndex() {
    return view(Kind.OFFSET_INDEX);
  }

  /** Entries of {@link TimeIndexEntries}. */
  public ByteBuffer timeIndex() {
    return view(Kind.TIME_INDEX);
  }

  /** Entries of {@link TransactionIndexEntries}. */
  public ByteBuffer transactionIndex() {
    return view(Kind.TRANSACTION_INDEX);
  }

  /** The producers' state at the segment's end, as stored beside the log. */
  public ByteBuffer producerSnapshot() {
    return view(Kind.PRODUCER_SNAPSHOT);
  }

  /** The log's lineage up to the segment's end. */
  public EpochLineage lineage() throws ObjectStoreException {
    ByteBuffer entries = view(Kind.EPOCH_LINEAGE);
    List<EpochEntry> lineage = new ArrayList<>();
    while (entries.hasRemaining()) {
      lineage.add(new EpochEntry(entries.getInt(), entries.getLong()));
    }
    try {
      return EpochLineage.of(lineage);
    } catch (IllegalArgumentException e) {
      throw new ObjectStoreException(
          ObjectStoreException.Kind.CORRUPT, "lineage of a segment object: " + e.getMessage(), e);
    }
  }

  public BlockChecksums blocks() {
    return new BlockChecksums(view(Kind.BLOCK_CHECKSUMS), footer.blockBytes(), recordsBytes());
  }

  private ByteBuffer view(Kind kind) {
    SegmentPart part = footer.part(kind);
    return bytes.slice(Math.toIntExact(part.position() - recordsBytes()), (int) part.sizeBytes());
  }
}
