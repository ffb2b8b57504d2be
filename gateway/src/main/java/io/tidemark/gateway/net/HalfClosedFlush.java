package io.tidemark.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;

/**
 * Flushes a channel whose client has ended its side.
 *
 * <p>Netty 4.2's epoll transport takes a descriptor that has no interest left out of epoll, as one
 * is that neither reads nor hears of the other's end any more, but does not put it back when it has
 * to wait for room in the socket's buffer: the write fails instead. Registering the channel anew
 * before it has to wait makes it begin afresh. Used by the channel's loop alone.
 */
final class HalfClosedFlush {
  private boolean isRegistering;

  void flush(Channel channel) {
    if (isRegistering) {
      return; // flushed when that is done
    }
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    boolean isWaiting = out == null || out.size() > 0; // flushed earlier, so epoll knows of it
    if (isWaiting || !(channel instanceof EpollSocketChannel)) {
      channel.flush();
      return;
    }
    isRegistering = true;
    EventLoop loop = channel.eventLoop();
    channel
        .deregister()
        .addListener(gone ->
            loop.register(channel)
                .addListener(back -> {
                  isRegistering = false;
                  channel.flush();
                }));
  }
}
