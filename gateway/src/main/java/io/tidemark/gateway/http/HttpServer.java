package io.tidemark.gateway.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tidemark.gateway.net.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The node's HTTP/1.1 port: a small server for probes, metrics and the tools. At most 256
 * connections, 64 of one address, so that nobody keeps the others out; heads of at most 8 KiB and
 * bodies of at most 64 KiB, one request of a connection at a time. Closed by who made it, before
 * the {@link EventLoops} it runs on.
 */
public final class HttpServer implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 256;
  private static final int MAX_CONNECTIONS_OF_ADDRESS = 64;
  private static final int MAX_LINE_BYTES = 4 << 10;
  private static final int MAX_HEAD_BYTES = 8 << 10;
  private static final int MAX_CHUNK_BYTES = 8 << 10;
  private static final int MAX_BODY_BYTES = 64 << 10;

  private final InetSocketAddress address;
  private final Routes routes;
  private final HttpSecurity security;
  private final EventLoops loops;
  private final Executor workers;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private @Nullable Channel listening; // guarded by this

  /**
   * @param address where to listen; port 0 takes any free one
   * @param workers run the routes, one task a request, which may wait: virtual threads will do
   */
  public HttpServer(
      InetSocketAddress address,
      Routes routes,
      HttpSecurity security,
      EventLoops loops,
      Executor workers) {
    this.address = address;
    this.routes = routes;
    this.security = security;
    this.loops = loops;
    this.workers = workers;
  }

  public synchronized void start() throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "tidemark.http.listener cannot listen on %s:%d: %s; free the port or change the setting"
              .formatted(address.getHostString(), address.getPort(), bound.cause().getMessage()),
          bound.cause());
    }
    listening = bound.channel();
  }

  private void accept(Channel channel) {
    if (open.size() >= MAX_CONNECTIONS || openFrom(channel) >= MAX_CONNECTIONS_OF_ADDRESS) {
      channel.close();
      return;
    }
    open.add(channel);
    SslHandler tls = security.newTlsHandler();
    if (tls != null) {
      channel.pipeline().addLast(tls);
    }
    channel
        .pipeline()
        .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEAD_BYTES, MAX_CHUNK_BYTES))
        .addLast(new HttpObjectAggregator(MAX_BODY_BYTES, true))
        .addLast(new HttpConnection(routes, security.access(), HostNames.of(address), workers));
  }

  private long openFrom(Channel channel) {
    InetAddress own = addressOf(channel);
    return open.stream().filter(other -> own != null && own.equals(addressOf(other))).count();
  }

  private static @Nullable InetAddress addressOf(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress socket ? socket.getAddress() : null;
  }

  /** Where a started server listens, with the port that port 0 became. */
  public synchronized InetSocketAddress boundAddress() {
    if (listening == null) {
      throw new IllegalStateException("the HTTP server does not listen");
    }
    return (InetSocketAddress) listening.localAddress();
  }

  /** Stops listening and closes every connection; idempotent. */
  @Override
  public synchronized void close() {
    if (listening != null) {
      listening.close().awaitUninterruptibly();
      listening = null;
    }
    open.close().awaitUninterruptibly();
  }
}
