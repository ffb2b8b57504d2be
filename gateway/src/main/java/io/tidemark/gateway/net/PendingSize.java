package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;

/**
 * Counts all bytes that wait to be sent, file regions too, which Netty's own estimator takes for
 * nothing: a connection with a file on its way must not look writable.
 */
final class PendingSize implements MessageSizeEstimator, MessageSizeEstimator.Handle {

  @Override
  public Handle newHandle() {
    return this;
  }

  @Override
  public int size(Object message) {
    return switch (message) {
      case ByteBuf bytes -> bytes.readableBytes();
      case FileRegion region -> (int) Math.min(Integer.MAX_VALUE, region.count());
      default -> 0;
    };
  }
}
