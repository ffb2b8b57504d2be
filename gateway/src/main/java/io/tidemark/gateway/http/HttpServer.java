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
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tidemark.gateway.net.EventLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The node's HTTP/1.1 port: a small server for probes, metrics and the tools. At most 256
 * connections, bodies of at most 1 MiB, one request of a connection at a time. Closed by who made
 * it, before the {@link EventLoops} it runs on.
 */
public final class HttpServer implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 256;
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final long MAX_SILENCE_SECONDS = 60;

  private final InetSocketAddress address;
  private final Routes routes;
  private final EventLoops loops;
  private final Executor workers;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private @Nullable Channel listening; // guarded by this

  /**
   * @param address where to listen; port 0 takes any free one
   * @param workers run the routes, one task a request, which may wait: virtual threads will do
   */
  public HttpServer(InetSocketAddress address, Routes routes, EventLoops loops, Executor workers) {
    this.address = address;
    this.routes = routes;
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
    if (open.size() >= MAX_CONNECTIONS) {
      channel.close();
      return;
    }
    open.add(channel);
    channel
        .pipeline()
        .addLast(new IdleStateHandler(MAX_SILENCE_SECONDS, 0, 0, TimeUnit.SECONDS))
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(MAX_BODY_BYTES, true))
        .addLast(new HttpConnection(routes, workers));
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
