package io.tidemark.log.partition;

import io.tidemark.log.segment.OpenFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Batches that lie in a segment's file, which stays open until the slice is released. */
public final class FileSlice implements LogSlice {
  private final OpenFile file;
  private final long segmentBaseOffset;
  private final long position;
  private final int sizeBytes;
  private final AtomicBoolean isReleased = new AtomicBoolean();

  /** Takes over one reference to the file. */
  FileSlice(OpenFile file, long segmentBaseOffset, long position, int sizeBytes) {
    this.file = file;
    this.segmentBaseOffset = segmentBaseOffset;
    this.position = position;
    this.sizeBytes = sizeBytes;
  }

  /** The channel to transfer from; null where the disk is simulated. Never to be closed. */
  public @Nullable FileChannel channel() {
    return file.file().channel();
  }

  /** Which segment's file it is. */
  long segmentBaseOffset() {
    return segmentBaseOffset;
  }

  /** Where in the file the slice begins. */
  public long position() {
    return position;
  }

  @Override
  public int sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void read(ByteBuffer dst, int from) throws IOException {
    int length = Math.min(dst.remaining(), sizeBytes - from);
    ByteBuffer window = dst.slice(dst.position(), length);
    if (file.file().read(window, position + from) != length) {
      throw new EOFException("The segment was cut while it was read");
    }
    dst.position(dst.position() + length);
  }

  @Override
  public void release() {
    if (isReleased.compareAndSet(false, true)) {
      file.release();
    }
  }
}
