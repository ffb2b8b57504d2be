package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Makes a channel read into its {@link FrameDecoder}'s buffers: the decoder's face as Netty's
 * receive-buffer allocator. One per channel.
 */
final class FrameReads extends DefaultMaxMessagesRecvByteBufAllocator {
  private static final int READS_PER_TURN = 16;

  private final FrameDecoder decoder;

  FrameReads(FrameDecoder decoder) {
    super(READS_PER_TURN);
    this.decoder = decoder;
  }

  @SuppressWarnings("deprecation") // Netty's interface returns the deprecated type
  @Override
  public Handle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public ByteBuf allocate(ByteBufAllocator ignored) {
        return decoder.readBuffer();
      }

      @Override
      public int guess() {
        return LandingBuffer.SIZE_BYTES;
      }
    };
  }
}
