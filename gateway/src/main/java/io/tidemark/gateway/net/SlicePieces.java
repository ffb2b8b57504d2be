package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import io.tidemark.log.partition.FileSlice;
import java.io.IOException;

/**
 * A part of a segment's file that is read a piece at a time, each when the one before has left: so
 * an encrypted connection holds little of it, however slowly its client reads. The slice belongs to
 * the response, which releases it. Used by one event loop.
 */
final class SlicePieces implements ChunkedInput<ByteBuf> {
  private static final int PIECE_BYTES = 128 * 1024;

  private final FileSlice file;
  private final Runnable onFailure;
  private int sentBytes;

  /**
   * @param onFailure ends the connection, whose client would take what follows for the missing
   *     bytes
   */
  SlicePieces(FileSlice file, Runnable onFailure) {
    this.file = file;
    this.onFailure = onFailure;
  }

  @Override
  public boolean isEndOfInput() {
    return sentBytes == file.sizeBytes();
  }

  @Override
  public void close() {
    // the slice is released by the response
  }

  @SuppressWarnings("InlineMeSuggester") // Netty's older way of asking, which it has deprecated
  @Deprecated
  @Override
  public ByteBuf readChunk(ChannelHandlerContext ctx) throws IOException {
    return readChunk(ctx.alloc());
  }

  @Override
  public ByteBuf readChunk(ByteBufAllocator allocator) throws IOException {
    int bytes = Math.min(PIECE_BYTES, file.sizeBytes() - sentBytes);
    ByteBuf piece = allocator.directBuffer(bytes, bytes);
    try {
      file.read(piece.internalNioBuffer(0, bytes), sentBytes);
    } catch (IOException e) {
      piece.release();
      onFailure.run();
      throw e;
    }
    sentBytes += bytes;
    return piece.writerIndex(bytes);
  }

  @Override
  public long length() {
    return file.sizeBytes();
  }

  @Override
  public long progress() {
    return sentBytes;
  }
}
