package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import io.tidemark.log.partition.FileSlice;
import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.partition.MemorySlice;
import io.tidemark.log.record.PayloadWritable;
import io.tidemark.log.record.RecordsPayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A response being encoded: everything but records goes into one buffer of exactly the right size,
 * cut where records come between.
 *
 * <pre>
 *   head ──► [ buffer 0…a ][ records ][ buffer a…b ][ records ][ buffer b…end ]
 * </pre>
 *
 * Records in memory are wrapped; those in a file are sent from it when there are 64 KiB or more of
 * them, else read into a buffer, which costs less than a system call of their own. Where the
 * connection is encrypted they are read piece by piece instead, as the client takes them. Used
 * once, by one event loop: either {@link #parts} is written and the slices released when that is
 * done, or {@link #discard} gives everything back.
 */
final class ResponseParts extends PayloadWritable {
  private static final int MIN_TRANSFER_BYTES = 64 * 1024;

  private final ByteBufAllocator allocator;
  private final Transfer transfer;
  private final Runnable onFailure;
  private final ByteBuf buffer;
  private final List<Object> parts = new ArrayList<>(1);
  private final List<LogSlice> slices = new ArrayList<>(0);
  private int cutAt;
  private long sizeBytes;

  /**
   * @param onFailure ends the connection when records cannot be read after all
   * @param bufferBytes what the response takes without its records
   */
  ResponseParts(
      ByteBufAllocator allocator, Transfer transfer, Runnable onFailure, int bufferBytes) {
    this.allocator = allocator;
    this.transfer = transfer;
    this.onFailure = onFailure;
    this.buffer = allocator.directBuffer(bufferBytes, bufferBytes);
  }

  @Override
  public void writeByte(byte value) {
    buffer.writeByte(value);
  }

  @Override
  public void writeShort(short value) {
    buffer.writeShort(value);
  }

  @Override
  public void writeInt(int value) {
    buffer.writeInt(value);
  }

  @Override
  public void writeLong(long value) {
    buffer.writeLong(value);
  }

  @Override
  public void writeDouble(double value) {
    buffer.writeDouble(value);
  }

  @Override
  public void writeByteArray(byte[] value) {
    buffer.writeBytes(value);
  }

  @Override
  public void writeUnsignedVarint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      buffer.writeByte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    buffer.writeByte(rest);
  }

  @Override
  public void writeVarint(int value) {
    writeUnsignedVarint(value << 1 ^ value >> 31);
  }

  @Override
  public void writeVarlong(long value) {
    long rest = value << 1 ^ value >> 63;
    while ((rest & ~0x7fL) != 0) {
      buffer.writeByte((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    buffer.writeByte((int) rest);
  }

  /** Byte fields that are not copied; kafka-clients does not count them to the buffer. */
  @Override
  public void writeByteBuffer(ByteBuffer value) {
    add(Unpooled.wrappedBuffer(value.duplicate()), value.remaining());
  }

  @Override
  protected void writeInMemory(ByteBuffer batches) {
    add(Unpooled.wrappedBuffer(batches.duplicate()), batches.remaining());
  }

  @Override
  protected void writePayload(RecordsPayload payload) {
    LogSlice slice = ResponseSlices.slice(payload);
    if (slice.sizeBytes() > 0) {
      add(part(slice), slice.sizeBytes());
    }
    slices.add(slice);
  }

  private Object part(LogSlice slice) {
    return switch (slice) {
      case MemorySlice memory ->
          Unpooled.wrappedBuffer(memory.buffers().toArray(ByteBuffer[]::new));
      case FileSlice file -> part(file);
    };
  }

  private Object part(FileSlice file) {
    FileChannel channel = file.channel();
    if (channel != null && file.sizeBytes() >= MIN_TRANSFER_BYTES) {
      return switch (transfer) {
        case FROM_FILE -> new SliceRegion(channel, file.position(), file.sizeBytes());
        case IN_PIECES -> new SlicePieces(file, onFailure);
      };
    }
    ByteBuf copy = allocator.directBuffer(file.sizeBytes(), file.sizeBytes());
    try {
      file.read(copy.internalNioBuffer(0, file.sizeBytes()), 0);
      return copy.writerIndex(file.sizeBytes());
    } catch (IOException e) {
      copy.release();
      throw new UncheckedIOException("records of a response could not be read", e);
    }
  }

  private void add(Object part, int bytes) {
    cut();
    if (bytes == 0) {
      ReferenceCountUtil.release(part);
      return;
    }
    parts.add(part);
    sizeBytes += bytes;
  }

  /** Ends the run of buffer bytes before the next records. */
  private void cut() {
    int length = buffer.writerIndex() - cutAt;
    if (length > 0) {
      parts.add(buffer.retainedSlice(cutAt, length));
      sizeBytes += length;
      cutAt = buffer.writerIndex();
    }
  }

  /** Ends the encoding; the parts, in order, belong to the caller. */
  List<Object> parts() {
    cut();
    buffer.release();
    return parts;
  }

  /** Bytes of all parts, once they are asked for. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** The slices to release when the last part has left. */
  List<LogSlice> slices() {
    return slices;
  }

  /** Gives back what was collected for a response that could not be encoded. */
  void discard() {
    parts.forEach(ReferenceCountUtil::release);
    buffer.release();
  }
}
