package io.tidemark.gateway.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * The body of a streaming response, written on a worker: each flush sends a chunk and waits until
 * the client has taken it, so a slow client slows the writer and holds no memory. Used by one
 * thread.
 */
final class ChunkedOutput extends OutputStream {
  private static final int MAX_CHUNK_BYTES = 64 * 1024;
  private static final long MAX_WAIT_SECONDS = 60;

  private final ChannelHandlerContext channel;
  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();

  ChunkedOutput(ChannelHandlerContext channel) {
    this.channel = channel;
  }

  @Override
  public void write(int b) throws IOException {
    chunk.write(b);
    flushIfFull();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    chunk.write(bytes, offset, length);
    flushIfFull();
  }

  private void flushIfFull() throws IOException {
    if (chunk.size() >= MAX_CHUNK_BYTES) {
      flush();
    }
  }

  @Override
  public void flush() throws IOException {
    if (chunk.size() == 0) {
      return;
    }
    ChannelFuture written =
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(chunk.toByteArray())));
    chunk.reset();
    if (!written.awaitUninterruptibly(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("the client does not read");
    }
    if (!written.isSuccess()) {
      throw new IOException("the client is gone", written.cause());
    }
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
