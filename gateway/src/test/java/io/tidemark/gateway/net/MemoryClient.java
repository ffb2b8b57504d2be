package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The other end of a connection of a {@link MemoryServer}, in bytes. */
public final class MemoryClient implements AutoCloseable {
  private static final int SIZE_FIELD_BYTES = 4;

  private final MemoryServer server;
  private final EmbeddedChannel channel;
  private final FrameDecoder decoder;
  private final ByteBuf received;
  private byte[] unsent = {};
  private int piece;

  MemoryClient(
      MemoryServer server,
      EmbeddedChannel channel,
      FrameDecoder decoder,
      ByteBufAllocator allocator) {
    this.server = server;
    this.channel = channel;
    this.decoder = decoder;
    this.received = allocator.heapBuffer();
  }

  /** Sends bytes which arrive in pieces of so many, as far as the server reads. */
  public void send(byte[] bytes, int pieceBytes) {
    byte[] all = Arrays.copyOf(unsent, unsent.length + bytes.length);
    System.arraycopy(bytes, 0, all, unsent.length, bytes.length);
    unsent = all;
    piece = pieceBytes;
    run();
  }

  /** Lets the server read, and takes in what it has written. */
  void run() {
    int at = 0;
    while (at < unsent.length && channel.isOpen() && channel.config().isAutoRead()) {
      ByteBuf in = decoder.readBuffer();
      int length = Math.min(Math.min(piece, unsent.length - at), in.writableBytes());
      in.writeBytes(unsent, at, length);
      at += length;
      channel.pipeline().fireChannelRead(in).fireChannelReadComplete();
      channel.runPendingTasks();
    }
    unsent = at == 0 ? unsent : Arrays.copyOfRange(unsent, at, unsent.length);
    channel.runPendingTasks();
    for (Object part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      ByteBuf bytes = (ByteBuf) part;
      received.writeBytes(bytes);
      bytes.release();
    }
  }

  /** The next whole response without its size, or null when none has come. */
  public byte @Nullable [] next() {
    if (received.readableBytes() < SIZE_FIELD_BYTES) {
      return null;
    }
    int size = received.getInt(received.readerIndex());
    if (received.readableBytes() < SIZE_FIELD_BYTES + size) {
      return null;
    }
    received.skipBytes(SIZE_FIELD_BYTES);
    byte[] response = new byte[size];
    received.readBytes(response).discardSomeReadBytes();
    return response;
  }

  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    if (received.refCnt() == 0) {
      return;
    }
    channel.close();
    run();
    channel.finishAndReleaseAll();
    received.release();
    server.forget(this);
  }
}
