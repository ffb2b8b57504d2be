package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.scenario.Scenario;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the node holds of requests when clients send more than it may hold. */
@SuppressWarnings("NullAway.Init") // each test starts its own server
class RequestBudgetTest {
  private static final int MIB = 1 << 20;
  private static final int BUDGET_BYTES = 8 * MIB;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ScheduledExecutorService others = Executors.newScheduledThreadPool(1);
  private final AtomicLong mostUsed = new AtomicLong();
  private EventLoops loops;
  private KafkaServer server;

  private void start(long receiveTimeoutMs) throws IOException {
    loops = EventLoops.open(2, Thread.ofPlatform().daemon().name("loop-", 0).factory());
    ServedApis apis =
        new ServedApis(
            Map.of(
                ApiKeys.PRODUCE, new ServedApis.Versions((short) 3, (short) 13),
                ApiKeys.METADATA, new ServedApis.Versions((short) 0, (short) 13)));
    ConnectionSettings settings =
        new ConnectionSettings(
            4 * MIB,
            BUDGET_BYTES,
            1_024,
            -1,
            -1,
            600_000,
            receiveTimeoutMs,
            30_000,
            ConnectionLimitsTest.UNLIMITED);
    server =
        new KafkaServer(
            List.of(new Listener("PLAINTEXT", "127.0.0.1", 0, apis)),
            settings,
            this::handle,
            loops,
            Time.SYSTEM,
            meters);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
    assertThat(usedBytes()).isZero();
    loops.close();
    others.shutdownNow();
  }

  private double usedBytes() {
    return meters.get("tidemark.requests.memory.used").tag("clients", "known").gauge().value();
  }

  /** Holds each Produce for a while, as one that waits for its replicas. */
  private void handle(Request request, Responder responder) {
    mostUsed.accumulateAndGet((long) usedBytes(), Math::max);
    if (request.apiKey() == ApiKeys.METADATA) {
      responder.respond(new MetadataResponseData());
      return;
    }
    request.retain();
    responder.appended();
    others.schedule(
        () -> {
          request.release();
          responder.respond(new ProduceResponseData());
        },
        2,
        TimeUnit.MILLISECONDS);
  }

  private Socket connect() throws IOException {
    InetSocketAddress address = server.boundAddress("PLAINTEXT");
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private static void awaitAnswer(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    assertThat(in.readNBytes(in.readInt())).isNotEmpty();
  }

  @Test
  @Scenario("S-175")
  void everyConnectionIsServedThoughTogetherTheySendFarMoreThanMayBeHeld() throws Exception {
    start(30_000);
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        all.add(clients.submit(() -> produce(failures)));
      }
      for (Future<?> each : all) {
        each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
    assertThat(failures).isEmpty();
    assertThat(mostUsed.get()).isBetween(BUDGET_BYTES / 2L, BUDGET_BYTES + 4L * MIB);
  }

  private void produce(Queue<Throwable> failures) {
    try (Socket socket = connect()) {
      byte[] request = Wire.produce(1, 2 * MIB);
      for (int i = 0; i < 4; i++) {
        socket.getOutputStream().write(request);
        awaitAnswer(socket);
      }
    } catch (IOException | AssertionError e) {
      failures.add(e);
    }
  }

  /** One byte at a time, from four thousand connections, and one client that behaves. */
  @Test
  @Scenario({"S-172", "S-174"})
  void thousandsOfTricklingConnectionsKeepNobodyFromBeingServed() throws Exception {
    start(2_000);
    List<Socket> slow = new ArrayList<>();
    try (Socket healthy = connect()) {
      byte[] request = Wire.produce(1, MIB);
      for (int i = 0; i < 4_000; i++) {
        Socket socket = connect();
        slow.add(socket);
        socket.getOutputStream().write(request, 0, 5 + i % 50);
        if (i % 200 == 0) {
          healthy.getOutputStream().write(Wire.metadata(i));
          awaitAnswer(healthy);
        }
      }
      assertThat(usedBytes()).isLessThan(BUDGET_BYTES);
      await().atMost(PATIENCE).until(() -> server.openConnections() == 1);
      healthy.getOutputStream().write(Wire.metadata(1));
      awaitAnswer(healthy);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }
}
