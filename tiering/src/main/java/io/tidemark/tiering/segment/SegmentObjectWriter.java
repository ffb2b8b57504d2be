package io.tidemark.tiering.segment;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.tiering.segment.SegmentPart.Kind;
import io.tidemark.tiering.store.Crc32c;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;

/**
 * Makes segment objects out of closed segments, in the layout of {@link SegmentFooterCodec}.
 * Stateless; any thread that may wait for a disk.
 */
public final class SegmentObjectWriter {
  private static final int READ_BYTES = 16 * BlockChecksums.BLOCK_BYTES;
  static final int LINEAGE_ENTRY_BYTES = 12;

  /**
   * Reads the segment once, checking the CRC and place of every batch, and returns an object whose
   * content reads the records again from the (retained) segment as it is stored. What is read again
   * is compared with what was checked.
   *
   * @param lineage stored as the log's lineage up to the segment's end
   * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is not what it should be
   */
  public SegmentObject prepare(
      Uuid topicId, int partition, ClosedSegment segment, List<EpochEntry> lineage)
      throws IOException {
    long recordsBytes = segment.sizeBytes();
    CRC32C recordsCrc = new CRC32C();
    ByteBuffer checksums = scan(segment, recordsCrc);

    Parts parts = new Parts(recordsBytes, (int) recordsCrc.getValue());
    parts.add(Kind.OFFSET_INDEX, segment.offsetIndex());
    parts.add(Kind.TIME_INDEX, segment.timeIndex());
    parts.add(Kind.TRANSACTION_INDEX, segment.transactionIndex());
    parts.add(Kind.PRODUCER_SNAPSHOT, segment.producerSnapshot());
    parts.add(Kind.EPOCH_LINEAGE, encode(lineage));
    parts.add(Kind.BLOCK_CHECKSUMS, checksums.duplicate());
    SegmentFooter footer =
        new SegmentFooter(
            topicId,
            partition,
            segment.baseOffset(),
            segment.nextOffset(),
            segment.maxTimestampMs(),
            BlockChecksums.BLOCK_BYTES,
            parts.located);
    ByteBuffer encoded = SegmentFooterCodec.encode(footer);
    parts.bytes.add(encoded);
    BlockChecksums blocks = new BlockChecksums(checksums, BlockChecksums.BLOCK_BYTES, recordsBytes);
    return new SegmentObject(
        new SegmentContent(segment, blocks, joined(parts.bytes)),
        footer,
        SegmentFooterCodec.crc32c(encoded));
  }

  /** Checks all batches; returns the block checksums. */
  private static ByteBuffer scan(ClosedSegment segment, CRC32C recordsCrc) throws IOException {
    long size = segment.sizeBytes();
    ByteBuffer checksums =
        ByteBuffer.allocate(4 * BlockChecksums.count(size, BlockChecksums.BLOCK_BYTES));
    BatchStream batches = new BatchStream(segment.baseOffset(), segment.nextOffset());
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(size, READ_BYTES));
    for (long position = 0; position < size; position += buffer.limit()) {
      readFully(
          segment, buffer.clear().limit((int) Math.min(READ_BYTES, size - position)), position);
      batches.accept(buffer);
      recordsCrc.update(buffer.duplicate());
      for (int at = 0; at < buffer.limit(); at += BlockChecksums.BLOCK_BYTES) {
        int length = Math.min(BlockChecksums.BLOCK_BYTES, buffer.limit() - at);
        checksums.putInt(Crc32c.of(buffer.slice(at, length)));
      }
    }
    batches.finish();
    return checksums.flip();
  }

  static void readFully(ClosedSegment segment, ByteBuffer dst, long position) throws IOException {
    int start = dst.position();
    segment.read(dst, position);
    if (dst.hasRemaining()) {
      throw new IOException(
          "The segment at %d ends before byte %d"
              .formatted(segment.baseOffset(), position + dst.limit() - start));
    }
    dst.position(start);
  }

  private static ByteBuffer encode(List<EpochEntry> lineage) {
    ByteBuffer bytes = ByteBuffer.allocate(lineage.size() * LINEAGE_ENTRY_BYTES);
    lineage.forEach(entry -> bytes.putInt(entry.epoch()).putLong(entry.startOffset()));
    return bytes.flip();
  }

  private static ByteBuffer joined(List<ByteBuffer> buffers) {
    ByteBuffer all = ByteBuffer.allocate(buffers.stream().mapToInt(ByteBuffer::remaining).sum());
    buffers.forEach(buffer -> all.put(buffer.duplicate()));
    return all.flip();
  }

  /** The parts laid out so far. */
  private static final class Parts {
    private final List<SegmentPart> located = new ArrayList<>();
    private final List<ByteBuffer> bytes = new ArrayList<>();
    private long end;

    Parts(long recordsBytes, int recordsCrc32c) {
      located.add(new SegmentPart(Kind.RECORDS, 0, recordsBytes, recordsCrc32c));
      end = recordsBytes;
    }

    void add(Kind kind, ByteBuffer content) {
      located.add(new SegmentPart(kind, end, content.remaining(), Crc32c.of(content)));
      bytes.add(content);
      end += content.remaining();
    }
  }
}
