package io.tidemark.log.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * An open file. Reads are safe from any thread at any time, also beside a write; writes, {@link
 * #truncate} and {@link #close} are called by one thread at a time. Positions are bytes from the
 * start of the file.
 */
public interface DiskFile extends Closeable {

  /** Reads until {@code dst} is full or the file ends; returns how many bytes were read. */
  int read(ByteBuffer dst, long position) throws IOException;

  /**
   * Writes the buffers one behind the other, all of their remaining bytes. When it throws, any part
   * of them may have been written.
   */
  void write(ByteBuffer[] sources, long position) throws IOException;

  /** As {@link #write(ByteBuffer[], long)} for one buffer. */
  default void write(ByteBuffer source, long position) throws IOException {
    write(new ByteBuffer[] {source}, position);
  }

  long sizeBytes() throws IOException;

  /** Cuts the file to at most this size. */
  void truncate(long sizeBytes) throws IOException;

  /** Makes the content durable, with {@code metadata} its length too where that matters. */
  void force(boolean metadata) throws IOException;

  /** The channel to transfer from without a copy; null where there is none. */
  @Nullable FileChannel channel();

  @Override
  void close() throws IOException;
}
