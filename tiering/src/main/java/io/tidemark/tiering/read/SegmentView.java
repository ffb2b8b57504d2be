package io.tidemark.tiering.read;

import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentTail;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/**
 * The records of one remote segment as far as they are in memory, for one look at them. Holds
 * references to the chunks it touched until they are handed over or {@link #close} gives them back.
 * One thread.
 */
final class SegmentView implements AutoCloseable {
  private final ChunkCache cache;
  private final RemoteSegment segment;
  private final SegmentTail tail;
  private final String objectKey;
  private final int chunkBytes;
  private final boolean isPeek;
  private final Map<Integer, Chunk> chunks = new HashMap<>();
  private final ByteBuffer scratch = ByteBuffer.allocate(RecordBatchHeader.SIZE_BYTES);
  private final RecordBatchHeader header = new RecordBatchHeader();

  SegmentView(
      ChunkCache cache,
      RemoteSegment segment,
      SegmentTail tail,
      String objectKey,
      int chunkBytes,
      boolean isPeek) {
    this.cache = cache;
    this.segment = segment;
    this.tail = tail;
    this.objectKey = objectKey;
    this.chunkBytes = chunkBytes;
    this.isPeek = isPeek;
  }

  RemoteSegment segment() {
    return segment;
  }

  SegmentTail tail() {
    return tail;
  }

  long recordsBytes() {
    return segment.recordsBytes();
  }

  int chunkAt(long position) {
    return (int) (position / chunkBytes);
  }

  ChunkRequest request(int index) {
    long position = (long) index * chunkBytes;
    int length = (int) Math.min(chunkBytes, recordsBytes() - position);
    return new ChunkRequest(
        new ChunkRequest.Key(segment.uuid(), index), objectKey, position, length, tail.blocks());
  }

  /** The chunk, held until the end; null when it is not in memory. */
  @Nullable Chunk chunk(int index) {
    Chunk held = chunks.get(index);
    if (held == null) {
      held = cache.acquire(new ChunkRequest.Key(segment.uuid(), index), isPeek);
      if (held != null) {
        chunks.put(index, held);
      }
    }
    return held;
  }

  /**
   * The header of the batch at {@code position}, valid until the next call; null when it is not in
   * memory.
   *
   * @throws KafkaStorageException no batch begins there
   */
  @Nullable RecordBatchHeader headerAt(long position) {
    int length = RecordBatchHeader.SIZE_BYTES;
    if (position + length > recordsBytes()) {
      throw notABatch(position);
    }
    Chunk first = chunk(chunkAt(position));
    if (first == null) {
      return null;
    }
    int from = (int) (position % chunkBytes);
    if (from + length <= first.bytes().limit()) {
      header.wrap(first.bytes(), from);
    } else if (copy(position, scratch.clear())) {
      header.wrap(scratch, 0);
    } else {
      return null;
    }
    if (!header.isPlausible() || header.sizeBytes() > recordsBytes() - position) {
      throw notABatch(position);
    }
    return header;
  }

  private KafkaStorageException notABatch(long position) {
    return new KafkaStorageException(
        "No record batch begins at byte %d of %s".formatted(position, objectKey));
  }

  /** Fills {@code dst} from {@code position} on; false when a part is not in memory. */
  boolean copy(long position, ByteBuffer dst) {
    long at = position;
    while (dst.hasRemaining()) {
      Chunk chunk = chunk(chunkAt(at));
      if (chunk == null) {
        return false;
      }
      int from = (int) (at % chunkBytes);
      int length = Math.min(dst.remaining(), chunk.bytes().limit() - from);
      dst.put(chunk.bytes().slice(from, length));
      at += length;
    }
    return true;
  }

  /** What of {@code [start, end)} is not in memory. */
  List<ChunkRequest> missing(long start, long end) {
    List<ChunkRequest> missing = new ArrayList<>();
    for (int index = chunkAt(start); index <= chunkAt(end - 1); index++) {
      if (chunk(index) == null) {
        missing.add(request(index));
      }
    }
    return missing;
  }

  /**
   * Where the bytes from {@code position} on end that are in memory without a hole, up to {@code
   * limit}.
   */
  long contiguousEnd(long position, long limit) {
    long end = position;
    while (end < limit && chunk(chunkAt(end)) != null) {
      end = Math.min(limit, (chunkAt(end) + 1L) * chunkBytes);
    }
    return end;
  }

  /** Views of {@code [start, end)}, all of which is in memory. */
  List<ByteBuffer> slices(long start, long end) {
    List<ByteBuffer> slices = new ArrayList<>();
    for (long at = start; at < end; ) {
      Chunk chunk = chunk(chunkAt(at));
      if (chunk == null) {
        throw new IllegalStateException("chunk at " + at + " was let go");
      }
      int from = (int) (at % chunkBytes);
      int length = (int) Math.min(end - at, chunk.bytes().limit() - from);
      slices.add(chunk.bytes().slice(from, length));
      at += length;
    }
    return slices;
  }

  /** The references to the chunks of {@code [start, end)}, for the caller to release. */
  List<Chunk> handOver(long start, long end) {
    List<Chunk> handed = new ArrayList<>();
    for (int index = chunkAt(start); index <= chunkAt(end - 1); index++) {
      Chunk chunk = chunks.remove(index);
      if (chunk != null) {
        handed.add(chunk);
      }
    }
    return handed;
  }

  @Override
  public void close() {
    cache.release(List.copyOf(chunks.values()));
    chunks.clear();
  }
}
