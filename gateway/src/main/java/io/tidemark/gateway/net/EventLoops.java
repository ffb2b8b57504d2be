package io.tidemark.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NettyRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The process's event loops, shared by the Kafka and the HTTP server: native epoll where there is
 * one, else NIO. Closed by who made it, after the servers.
 */
public final class EventLoops implements AutoCloseable {
  private static final long QUIET_MS = 0;
  private static final long CLOSE_TIMEOUT_MS = 5_000;

  private final EventLoopGroup group;
  private final boolean isEpoll;

  private EventLoops(EventLoopGroup group, boolean isEpoll) {
    this.group = group;
    this.isEpoll = isEpoll;
  }

  /** Starts {@code count} loops; 0 means one for each core. */
  public static EventLoops open(int count, ThreadFactory threads) {
    int loops = count == 0 ? NettyRuntime.availableProcessors() : count;
    return open(loops, threads, Epoll.isAvailable());
  }

  static EventLoops open(int count, ThreadFactory threads, boolean epoll) {
    var factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new EventLoops(new MultiThreadIoEventLoopGroup(count, threads, factory), epoll);
  }

  /** Each loop as an executor, in a fixed order. */
  public List<ScheduledExecutorService> executors() {
    List<ScheduledExecutorService> loops = new ArrayList<>();
    group.forEach(loops::add);
    return List.copyOf(loops);
  }

  public String transport() {
    return isEpoll ? "epoll" : "nio";
  }

  /** For servers to be made on. */
  public EventLoopGroup group() {
    return group;
  }

  /** The kind of channel that listens on these loops. */
  public Class<? extends ServerChannel> serverChannel() {
    return isEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The kind of channel that connects on these loops. */
  public Class<? extends Channel> clientChannel() {
    return isEpoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  @Override
  public void close() {
    close(CLOSE_TIMEOUT_MS);
  }

  /** As {@link #close()}; a loop that does not end in time is left behind. */
  public void close(long timeoutMs) {
    group
        .shutdownGracefully(QUIET_MS, timeoutMs, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(timeoutMs);
  }
}
