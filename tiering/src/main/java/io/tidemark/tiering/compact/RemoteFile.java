package io.tidemark.tiering.compact;

import io.tidemark.log.disk.DiskFile;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.BlockChecksums;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The records of a segment object as a file that is read once from its start: some MiB at a time,
 * each block checked. Blocks on the store; one thread.
 */
final class RemoteFile implements DiskFile {
  private static final int PIECE_BYTES = 64 * BlockChecksums.BLOCK_BYTES;

  private final ObjectStore store;
  private final String key;
  private final long sizeBytes;
  private final BlockChecksums blocks;
  private final LongConsumer whenRead;
  private ByteBuffer piece = ByteBuffer.allocate(0);
  private long pieceStart;

  /** What a read failed with. */
  static final class StoreFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final ObjectStoreException failure;

    StoreFailure(ObjectStoreException failure) {
      super(failure);
      this.failure = failure;
    }

    ObjectStoreException failure() {
      return failure;
    }
  }

  /**
   * @param whenRead is told the bytes of each piece, and may wait
   */
  RemoteFile(
      ObjectStore store,
      String key,
      RemoteSegment segment,
      BlockChecksums blocks,
      LongConsumer whenRead) {
    this.store = store;
    this.key = key;
    this.sizeBytes = segment.recordsBytes();
    this.blocks = blocks;
    this.whenRead = whenRead;
  }

  @Override
  public int read(ByteBuffer dst, long position) throws IOException {
    int before = dst.remaining();
    long at = position;
    while (dst.hasRemaining() && at < sizeBytes) {
      load(at);
      int from = (int) (at - pieceStart);
      int length = Math.min(dst.remaining(), piece.limit() - from);
      dst.put(piece.slice(from, length));
      at += length;
    }
    return before - dst.remaining();
  }

  private void load(long position) throws IOException {
    if (position >= pieceStart && position < pieceStart + piece.limit()) {
      return;
    }
    long start = position - position % BlockChecksums.BLOCK_BYTES;
    int length = (int) Math.min(PIECE_BYTES, sizeBytes - start);
    ByteBuffer next = piece.capacity() >= length ? piece : ByteBuffer.allocate(length);
    piece = next;
    piece.clear().limit(0);
    try {
      store.read(key, start, next.clear().limit(length));
      check(next.flip(), start);
    } catch (ObjectStoreException e) {
      next.clear().limit(0);
      throw new StoreFailure(e);
    }
    pieceStart = start;
    whenRead.accept(length);
  }

  private void check(ByteBuffer bytes, long start) throws ObjectStoreException {
    if (!blocks.matches(bytes, start)) {
      throw new ObjectStoreException(
          ObjectStoreException.Kind.CORRUPT,
          "a checksum of %s does not match, from byte %d on".formatted(key, start));
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void write(ByteBuffer[] sources, long position) {
    throw new UnsupportedOperationException("objects are written once");
  }

  @Override
  public void truncate(long newSizeBytes) {
    throw new UnsupportedOperationException("objects are written once");
  }

  @Override
  public void force(boolean metadata) {
    throw new UnsupportedOperationException("objects are written once");
  }

  @Override
  public @Nullable FileChannel channel() {
    return null;
  }

  @Override
  public void close() {}
}
