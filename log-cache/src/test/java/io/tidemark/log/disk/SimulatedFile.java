package io.tidemark.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An open file of a {@link SimulatedDisk}. */
final class SimulatedFile implements DiskFile {
  private final SimulatedDisk disk;
  private final Path path;
  private final SimulatedContent content;
  private final OpenMode mode;
  private final int generation;
  private volatile boolean isClosed;

  SimulatedFile(
      SimulatedDisk disk, Path path, SimulatedContent content, OpenMode mode, int generation) {
    this.disk = disk;
    this.path = path;
    this.content = content;
    this.mode = mode;
    this.generation = generation;
  }

  @Override
  public int read(ByteBuffer dst, long position) throws IOException {
    checkOpen();
    disk.pause(SimulatedDisk.Call.READ, path);
    return disk.read(path, content, generation, dst, position);
  }

  @Override
  public void write(ByteBuffer[] sources, long position) throws IOException {
    checkWritable();
    disk.pause(SimulatedDisk.Call.WRITE, path);
    int length = 0;
    for (ByteBuffer source : sources) {
      length += source.remaining();
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (ByteBuffer source : sources) {
      all.put(source);
    }
    disk.write(path, content, generation, all.flip(), position);
  }

  @Override
  public long sizeBytes() throws IOException {
    checkOpen();
    return disk.sizeBytes(content, generation);
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    checkWritable();
    disk.pause(SimulatedDisk.Call.TRUNCATE, path);
    disk.truncate(path, content, generation, sizeBytes);
  }

  @Override
  public void force(boolean metadata) throws IOException {
    checkOpen();
    disk.pause(SimulatedDisk.Call.FORCE, path);
    disk.force(path, content, generation);
  }

  @Override
  public @Nullable FileChannel channel() {
    return null;
  }

  @Override
  public void close() {
    isClosed = true;
  }

  private void checkOpen() throws IOException {
    if (isClosed) {
      throw new ClosedChannelException();
    }
  }

  private void checkWritable() throws IOException {
    checkOpen();
    if (mode == OpenMode.READ) {
      throw new NonWritableChannelException();
    }
  }
}
