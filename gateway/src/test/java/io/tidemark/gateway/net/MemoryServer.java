package io.tidemark.gateway.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import io.tidemark.gateway.metrics.RequestMetrics;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.slf4j.LoggerFactory;

/**
 * Kafka connections without sockets: the real decoders, connections and encoders, on one event loop
 * that runs when the test says so, by the test's clock. Every byte of every buffer is accounted
 * for. Used by one thread.
 */
public final class MemoryServer implements AutoCloseable {
  private static final long BUDGET_BYTES = 64 << 20;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final FrameBudget budget = new FrameBudget(BUDGET_BYTES);
  private final FrameBudget strangers = FrameBudget.ofStrangers(budget);
  private final ServerContext context;
  private final Listener listener;
  private final EmbeddedChannel clock;
  private final ConnectionLoop loop;
  private final List<MemoryClient> clients = new ArrayList<>();
  private final MeterRegistry meters;
  private int connections;

  /**
   * @param requestMaxBytes largest frame
   */
  public MemoryServer(
      String listenerName,
      ServedApis apis,
      RequestHandler handler,
      int requestMaxBytes,
      Time time,
      MeterRegistry meters) {
    this(new Listener(listenerName, "localhost", 0, apis), handler, requestMaxBytes, time, meters);
  }

  MemoryServer(
      Listener listener,
      RequestHandler handler,
      int requestMaxBytes,
      Time time,
      MeterRegistry meters) {
    ConnectionSettings settings =
        new ConnectionSettings(
            requestMaxBytes,
            BUDGET_BYTES,
            1,
            -1,
            -1,
            600_000,
            30_000,
            60_000,
            ConnectionLimitsTest.UNLIMITED);
    ConnectionLimits limits = new ConnectionLimits(settings.quotas(), time);
    context =
        new ServerContext(
            handler,
            budget,
            strangers,
            limits,
            new Patience(settings),
            requestMaxBytes,
            allocator,
            time,
            new RequestMetrics(meters),
            new ConnectionMetrics(meters, limits, budget, strangers),
            new QuietLog(LoggerFactory.getLogger(MemoryServer.class), time));
    this.meters = meters;
    this.listener = listener;
    clock = EmbeddedChannel.builder().ticker(new ClockOf(time)).build();
    loop = new ConnectionLoop(clock.eventLoop(), allocator);
  }

  /** Netty's view of the test's clock. */
  private record ClockOf(Time time) implements Ticker {
    @Override
    public long initialNanoTime() {
      return 0;
    }

    @Override
    public long nanoTime() {
      return time.nanoseconds();
    }

    @Override
    public void sleep(long delay, TimeUnit unit) {
      throw new UnsupportedOperationException("an event loop does not sleep");
    }
  }

  public MemoryClient connect() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(allocator);
    Connection connection =
        new Connection(
            context,
            listener,
            loop,
            new ConnectionAddress(
                "memory-" + ++connections, InetAddress.getLoopbackAddress(), 1 + connections));
    channel.pipeline().addLast(new ConnectionEvents(connection));
    MemoryClient client = new MemoryClient(this, channel, connection.decoder(), allocator);
    clients.add(client);
    return client;
  }

  void forget(MemoryClient client) {
    clients.remove(client);
  }

  /** Runs what is due on the loop. */
  public void run() {
    clock.runPendingTasks();
    clock.runScheduledPendingTasks();
    for (int i = 0; i < clients.size(); i++) {
      clients.get(i).run();
    }
  }

  /** How many meters there are, each with its own set of labels. */
  public int meters() {
    return meters.getMeters().size();
  }

  /** Of the node's budget for requests. */
  public long requestBytes() {
    return budget.usedBytes() + strangers.usedBytes();
  }

  /** Of all buffers that are not released. */
  public long bufferBytes() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  @Override
  public void close() {
    List.copyOf(clients).forEach(MemoryClient::close);
    run();
    loop.close();
    clock.finishAndReleaseAll();
  }
}
