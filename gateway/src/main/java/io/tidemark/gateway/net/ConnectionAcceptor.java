package io.tidemark.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * Turns the channels that a listener's {@link AcceptGate} has admitted into connections. Runs on
 * each channel's own loop.
 */
@Sharable
final class ConnectionAcceptor extends ChannelInitializer<Channel> {
  private final ServerContext server;
  private final Listener listener;
  private final Map<EventExecutor, ConnectionLoop> loops;

  ConnectionAcceptor(
      ServerContext server, Listener listener, Map<EventExecutor, ConnectionLoop> loops) {
    this.server = server;
    this.listener = listener;
    this.loops = loops;
  }

  @Override
  protected void initChannel(Channel channel) {
    InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    open(channel, ConnectionAddress.of(local, remote, server.limits().nextNumber()));
  }

  private void open(Channel channel, ConnectionAddress address) {
    ConnectionLoop connections = loops.get(channel.eventLoop());
    if (connections == null) {
      throw new IllegalStateException("a loop that is not the server's: " + channel.eventLoop());
    }
    Connection connection = new Connection(server, listener, connections, address);
    TlsHandler tls = listener.security().newTlsHandler();
    if (tls == null) {
      channel.config().setRecvByteBufAllocator(new FrameReads(connection.decoder()));
    } else {
      channel.pipeline().addLast(tls, new ChunkedWriteHandler());
    }
    channel.pipeline().addLast(new ConnectionEvents(connection));
  }
}
