package io.tidemark.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file of the real disk. The channel's own position is moved by writes only. */
final class ChannelFile implements DiskFile {
  private final FileChannel channel;

  ChannelFile(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(ByteBuffer dst, long position) throws IOException {
    return FileSystemDisk.typed(() -> readFully(dst, position));
  }

  private int readFully(ByteBuffer dst, long position) throws IOException {
    int total = 0;
    while (dst.hasRemaining()) {
      int count = channel.read(dst, position + total);
      if (count < 0) {
        break;
      }
      total += count;
    }
    return total;
  }

  @Override
  public void write(ByteBuffer[] sources, long position) throws IOException {
    FileSystemDisk.typed(() -> writeFully(sources, position));
  }

  /** The system may write less than it was given: goes on until all is written. */
  private long writeFully(ByteBuffer[] sources, long position) throws IOException {
    long total = 0;
    for (ByteBuffer source : sources) {
      total += source.remaining();
    }
    if (sources.length == 1) {
      long at = position;
      while (sources[0].hasRemaining()) {
        at += channel.write(sources[0], at);
      }
      return total;
    }
    channel.position(position);
    long left = total;
    while (left > 0) {
      left -= channel.write(sources);
    }
    return total;
  }

  @Override
  public long sizeBytes() throws IOException {
    return FileSystemDisk.typed(channel::size);
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    FileSystemDisk.typed(() -> channel.truncate(sizeBytes));
  }

  @Override
  public void force(boolean metadata) throws IOException {
    try {
      channel.force(metadata);
    } catch (IOException e) {
      throw FileSystemDisk.asTyped(e);
    }
  }

  @Override
  public FileChannel channel() {
    return channel;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
