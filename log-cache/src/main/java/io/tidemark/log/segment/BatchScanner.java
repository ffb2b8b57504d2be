package io.tidemark.log.segment;

import io.tidemark.log.disk.DiskFile;
import io.tidemark.log.record.RecordBatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment's file from end to end and checks every batch: header, CRC, rising offsets and
 * epochs. Stops at the first that is not whole. Not thread-safe; the file stays the caller's.
 */
public final class BatchScanner {
  private static final int CHUNK_BYTES = 1 << 20;

  private final DiskFile file;
  private final boolean isGapless;
  private final RecordBatchHeader header = new RecordBatchHeader();
  private ByteBuffer chunk = ByteBuffer.allocate(0);
  private long chunkStart;
  private long firstOffset;
  private int epoch;
  private long position;
  private long nextPosition;
  private long endPosition;
  private long nextOffset;
  private @Nullable String reason;

  /** What is done with each valid batch. */
  @FunctionalInterface
  public interface Visitor {
    /** The batch lies in {@code buffer} at the header's position, and in the file at another. */
    void visit(ByteBuffer buffer, RecordBatchHeader header, long position) throws IOException;
  }

  /**
   * Where a scan ended.
   *
   * @param position the end of the last valid batch
   * @param nextOffset one past the last valid offset
   * @param reason what is wrong at that position; null at the end of the file
   */
  public record End(long position, long nextOffset, @Nullable String reason) {}

  /**
   * A scanner of one file.
   *
   * @param isGapless whether each batch must begin where the one before ends, as in a log that was
   *     never compacted
   */
  public BatchScanner(DiskFile file, boolean isGapless) {
    this.file = file;
    this.isGapless = isGapless;
  }

  /** Scans {@code [start, end)} in one go; offsets below {@code nextOffset} are not valid there. */
  public End scan(long start, long end, long nextOffset, Visitor visitor) throws IOException {
    begin(start, end, nextOffset);
    while (next()) {
      visitor.visit(chunk, header, position);
    }
    return end();
  }

  /** Prepares to walk {@code [start, end)}; offsets below the next one are not valid there. */
  public void begin(long start, long end, long offset) {
    chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, Math.max(0, end - start)));
    chunk.limit(0);
    chunkStart = start;
    firstOffset = offset;
    nextOffset = offset;
    nextPosition = start;
    endPosition = end;
    epoch = -1;
    reason = null;
  }

  /** Moves to the next batch; false at the end, and where something is wrong. */
  public boolean next() throws IOException {
    if (nextPosition >= endPosition || reason != null) {
      return false;
    }
    reason = check(nextPosition, endPosition);
    if (reason != null) {
      return false;
    }
    position = nextPosition;
    nextPosition += header.sizeBytes();
    nextOffset = header.nextOffset();
    epoch = header.leaderEpoch();
    return true;
  }

  /** The bytes that hold the batch moved to last, at the header's position; until the next move. */
  public ByteBuffer buffer() {
    return chunk;
  }

  public RecordBatchHeader header() {
    return header;
  }

  /** How far the walk has come. */
  public End end() {
    return new End(nextPosition, nextOffset, reason);
  }

  private @Nullable String check(long position, long end) throws IOException {
    if (end - position < RecordBatchHeader.SIZE_BYTES) {
      return "half a header";
    }
    if (!load(position, RecordBatchHeader.SIZE_BYTES, end)) {
      return "the file ends early";
    }
    header.wrap(chunk, (int) (position - chunkStart));
    if (!header.isPlausible()) {
      return "no batch header";
    }
    int sizeBytes = header.sizeBytes();
    if (sizeBytes > end - position) {
      return "a batch of %d bytes is cut".formatted(sizeBytes);
    }
    if (!load(position, sizeBytes, end)) {
      return "the file ends early";
    }
    header.wrap(chunk, (int) (position - chunkStart));
    if (!header.isValidCrc()) {
      return "the batch at offset %d has a wrong CRC".formatted(header.baseOffset());
    }
    if (header.leaderEpoch() < epoch) {
      return "leader epoch %d comes after %d".formatted(header.leaderEpoch(), epoch);
    }
    if (header.baseOffset() < nextOffset) {
      return "offset %d comes after %d".formatted(header.baseOffset(), nextOffset - 1);
    }
    if (isGapless && header.baseOffset() != nextOffset) {
      return "offset %d comes after %d".formatted(header.baseOffset(), nextOffset - 1);
    }
    if (header.lastOffset() - firstOffset > Integer.MAX_VALUE) {
      return "offset %d is too far from the first".formatted(header.lastOffset());
    }
    return null;
  }

  /** Sees to it that these bytes are in the chunk; false when the file is shorter. */
  private boolean load(long position, int sizeBytes, long end) throws IOException {
    long at = position - chunkStart;
    if (at >= 0 && at + sizeBytes <= chunk.limit()) {
      return true;
    }
    if (sizeBytes > chunk.capacity()) {
      chunk = ByteBuffer.allocate(sizeBytes);
    }
    chunk.clear().limit((int) Math.min(chunk.capacity(), end - position));
    file.read(chunk, position);
    chunk.flip();
    chunkStart = position;
    return sizeBytes <= chunk.limit();
  }
}
