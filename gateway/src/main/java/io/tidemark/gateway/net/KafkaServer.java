package io.tidemark.gateway.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import io.tidemark.gateway.metrics.RequestMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Time;
import org.slf4j.LoggerFactory;

/**
 * Accepts Kafka connections on the node's listeners and hands their requests to the {@link
 * RequestHandler}. Closed by who made it, before the {@link EventLoops} it runs on.
 */
public final class KafkaServer implements AutoCloseable {
  private static final int LOW_WATER_BYTES = 256 * 1024;
  private static final int HIGH_WATER_BYTES = 1024 * 1024;
  private static final long DRAIN_LOOK_MS = 10;

  private final List<Listener> listeners;
  private final ConnectionSettings settings;
  private final EventLoops loops;
  private final Time time;
  private final ConnectionLimits limits;
  private final ServerContext context;
  private final Map<EventExecutor, ConnectionLoop> connectionLoops = new HashMap<>();
  private final Map<String, Channel> bound = new LinkedHashMap<>(); // guarded by this
  private boolean isSweeping; // guarded by this

  public KafkaServer(
      List<Listener> listeners,
      ConnectionSettings settings,
      RequestHandler handler,
      EventLoops loops,
      Time time,
      MeterRegistry meters) {
    this.listeners = List.copyOf(listeners);
    this.settings = settings;
    this.loops = loops;
    this.time = time;
    this.limits = new ConnectionLimits(settings.quotas(), time);
    FrameBudget budget = new FrameBudget(settings.queuedMaxBytes());
    FrameBudget strangers = FrameBudget.ofStrangers(budget);
    PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    this.context =
        new ServerContext(
            handler,
            budget,
            strangers,
            limits,
            new Patience(settings),
            settings.requestMaxBytes(),
            allocator,
            time,
            new RequestMetrics(meters),
            new ConnectionMetrics(meters, limits, budget, strangers),
            new QuietLog(LoggerFactory.getLogger(KafkaServer.class), time));
    for (EventExecutor loop : loops.group()) {
      connectionLoops.put(loop, new ConnectionLoop((EventLoop) loop, allocator));
    }
  }

  /**
   * Binds the listeners on port 0, so that others can be told their ports; who connects there waits
   * in the kernel until they are opened.
   */
  public synchronized void reserve() throws IOException {
    for (Listener listener : listeners) {
      if (listener.port() == 0) {
        bound.put(listener.name(), bind(listener, false));
      }
    }
  }

  /** Opens every listener; all or none of them. */
  public void start() throws IOException {
    open(any -> true);
  }

  /** Opens the listeners of some names; closes everything when one cannot be. */
  public synchronized void open(Predicate<String> names) throws IOException {
    try {
      for (Listener listener : listeners) {
        if (names.test(listener.name())) {
          open(listener);
        }
      }
    } catch (IOException e) {
      close();
      throw e;
    }
    if (!isSweeping) {
      isSweeping = true;
      long intervalMs = context.patience().sweepIntervalMs();
      connectionLoops.values().forEach(loop -> loop.startSweeping(intervalMs));
    }
  }

  private void open(Listener listener) throws IOException {
    Channel reserved = bound.get(listener.name());
    if (reserved == null) {
      bound.put(listener.name(), bind(listener, true));
    } else {
      reserved.config().setAutoRead(true);
    }
  }

  private Channel bind(Listener listener, boolean accepts) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .option(ChannelOption.SO_BACKLOG, settings.backlog())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, accepts)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, new PendingSize())
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
            .handler(new AcceptGate(context, listener.name(), this::closeExcess))
            .childHandler(new ConnectionAcceptor(context, listener, connectionLoops));
    if (settings.sendBufferBytes() > 0) {
      bootstrap.childOption(ChannelOption.SO_SNDBUF, settings.sendBufferBytes());
    }
    if (settings.receiveBufferBytes() > 0) {
      bootstrap.option(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes());
    }
    InetSocketAddress address = address(listener);
    ChannelFuture done = bootstrap.bind(address).awaitUninterruptibly();
    if (!done.isSuccess()) {
      throw new IOException(
          "Listener %s cannot listen on %s:%d: %s; free the port or change listeners"
              .formatted(
                  listener.name(), listener.host(), listener.port(), done.cause().getMessage()),
          done.cause());
    }
    return done.channel();
  }

  private static InetSocketAddress address(Listener listener) {
    return listener.host().isEmpty()
        ? new InetSocketAddress(listener.port())
        : new InetSocketAddress(listener.host(), listener.port());
  }

  /** The address a reserved or opened listener is bound to, with the port that port 0 became. */
  public synchronized InetSocketAddress boundAddress(String listenerName) {
    Channel channel = bound.get(listenerName);
    if (channel == null) {
      throw new IllegalStateException("listener " + listenerName + " is not bound");
    }
    return (InetSocketAddress) channel.localAddress();
  }

  /** Kafka connections that are open now. */
  public int openConnections() {
    return limits.open();
  }

  /**
   * Takes over new quotas of connections; what else the settings say is fixed once the server is
   * made. Connections above a lower quota are closed, the least recently used first.
   */
  public void reconfigure(ConnectionSettings next) {
    limits.reconfigure(next.quotas());
    closeExcess();
  }

  /** Takes over how fast single addresses may connect. */
  public void limitAddresses(AddressQuotas quotas) {
    limits.limitAddresses(quotas);
  }

  private void closeExcess() {
    connectionLoops.forEach(
        (loop, connections) -> loop.execute(() -> connections.closeExcess(limits)));
  }

  /**
   * Accepts nothing more, takes up no further request, writes the answers that are owed and closes
   * each connection when it owes none. Returns when all are closed, at the latest after {@code
   * patience}; {@link #close} ends the others.
   */
  public void drain(Duration patience) {
    closeListeners();
    connectionLoops.forEach((loop, connections) -> loop.execute(connections::drain));
    long deadlineNs = time.nanoseconds() + patience.toNanos();
    while (limits.open() > 0 && time.nanoseconds() < deadlineNs) {
      time.sleep(DRAIN_LOOK_MS);
    }
  }

  /** Closes listeners and connections at once; idempotent. */
  @Override
  public void close() {
    closeListeners();
    connectionLoops.forEach((loop, connections) -> {
      if (!loop.isShutdown()) {
        loop.submit(connections::close).awaitUninterruptibly(1, TimeUnit.SECONDS);
      }
    });
  }

  private synchronized void closeListeners() {
    bound.values().forEach(channel -> channel.close().awaitUninterruptibly());
    bound.clear();
  }
}
