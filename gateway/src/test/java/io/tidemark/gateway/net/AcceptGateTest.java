package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.epoll.Epoll;
import io.tidemark.gateway.net.ConnectionQuotas.Quota;
import io.tidemark.scenario.Scenario;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits of connections over real sockets, with each transport there is. */
@SuppressWarnings("NullAway.Init") // each test starts its own server
class AcceptGateTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CLIENTS = "CLIENTS";
  private static final String NODES = "NODES";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Socket> sockets = new ArrayList<>();
  private EventLoops loops;
  private KafkaServer server;

  static Stream<Boolean> transports() {
    return Epoll.isAvailable() ? Stream.of(true, false) : Stream.of(false);
  }

  private static ConnectionSettings settings(Quota node, @Nullable String guarded) {
    ConnectionQuotas quotas =
        new ConnectionQuotas(node, Map.of(), Integer.MAX_VALUE, Map.of(), guarded);
    return new ConnectionSettings(1 << 20, 64 << 20, 50, -1, -1, 600_000, 30_000, 30_000, quotas);
  }

  private static Quota atMost(int connections) {
    return new Quota(connections, Integer.MAX_VALUE);
  }

  private void start(boolean epoll, ConnectionSettings settings) throws IOException {
    loops = EventLoops.open(2, Thread.ofPlatform().daemon().name("loop-", 0).factory(), epoll);
    ServedApis apis =
        new ServedApis(
            Map.of(
                ApiKeys.METADATA,
                new ServedApis.Versions(
                    ApiKeys.METADATA.oldestVersion(), ApiKeys.METADATA.latestVersion())));
    server =
        new KafkaServer(
            List.of(
                new Listener(CLIENTS, "127.0.0.1", 0, apis),
                new Listener(NODES, "127.0.0.1", 0, apis)),
            settings,
            (request, responder) -> responder.respond(new MetadataResponseData()),
            loops,
            Time.SYSTEM,
            meters);
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
    assertThat(server.openConnections()).isZero();
    assertThat(meters.get("tidemark.connections.waiting").gauge().value()).isZero();
    loops.close();
  }

  private Socket connect(String listener) throws IOException {
    InetSocketAddress address = server.boundAddress(listener);
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    sockets.add(socket);
    return socket;
  }

  private static void ask(Socket socket) throws IOException {
    socket.getOutputStream().write(Wire.metadata(1));
  }

  private static void awaitAnswer(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    assertThat(in.readNBytes(in.readInt())).isNotEmpty();
  }

  private void awaitWaiting(int atLeast) {
    await()
        .atMost(PATIENCE)
        .until(() -> meters.get("tidemark.connections.waiting").gauge().value() >= atLeast);
  }

  @ParameterizedTest
  @MethodSource("transports")
  @Scenario("S-174")
  void whoComesToAFullNodeIsServedWhenThereIsRoom(boolean epoll) throws Exception {
    start(epoll, settings(atMost(2), null));
    Socket first = connect(CLIENTS);
    Socket second = connect(NODES);
    ask(first);
    ask(second);
    awaitAnswer(first);
    awaitAnswer(second);
    List<Socket> late = List.of(connect(CLIENTS), connect(CLIENTS), connect(NODES));
    for (Socket socket : late) {
      ask(socket);
    }
    awaitWaiting(2);
    assertThat(server.openConnections()).isEqualTo(2);

    first.close();
    second.close();
    awaitAnswer(late.get(0));
    late.get(0).close();
    awaitAnswer(late.get(1));
    late.get(1).close();
    awaitAnswer(late.get(2));
    assertThat(meters.get("tidemark.connections.delayed").counter().count()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("transports")
  @Scenario("S-174")
  void anotherNodeGetsInAndTheConnectionUnusedForLongestGoes(boolean epoll) throws Exception {
    start(epoll, settings(atMost(2), NODES));
    Socket older = connect(CLIENTS);
    ask(older);
    awaitAnswer(older);
    Socket younger = connect(CLIENTS);
    ask(younger);
    awaitAnswer(younger);

    Socket node = connect(NODES);
    ask(node);
    awaitAnswer(node);

    await().atMost(PATIENCE).until(() -> server.openConnections() == 2);
    assertThat(meters.get("tidemark.connections.closed").tag("reason", "limit").counter().count())
        .isEqualTo(1);
    ask(node);
    awaitAnswer(node);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aLowerLimitClosesAndAHigherOneLetsIn(boolean epoll) throws Exception {
    start(epoll, settings(Quota.NONE, null));
    for (int i = 0; i < 20; i++) {
      Socket socket = connect(CLIENTS);
      ask(socket);
      awaitAnswer(socket);
    }
    server.reconfigure(settings(atMost(5), null));
    await().atMost(PATIENCE).until(() -> server.openConnections() == 5);
    Socket late = connect(CLIENTS);
    ask(late);
    awaitWaiting(1);
    server.reconfigure(settings(atMost(6), null));
    awaitAnswer(late);
  }

  @ParameterizedTest
  @MethodSource("transports")
  @Scenario("S-174")
  void connectionsThatComeTooFastAreServedLater(boolean epoll) throws Exception {
    start(epoll, settings(new Quota(Integer.MAX_VALUE, 2), null));
    for (int i = 0; i < 20; i++) {
      Socket socket = connect(CLIENTS);
      ask(socket);
      awaitAnswer(socket);
    }
    Socket late = connect(CLIENTS);
    ask(late);
    awaitWaiting(1);
    awaitAnswer(late);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whoStillWaitsWhenTheServerClosesIsClosed(boolean epoll) throws Exception {
    start(epoll, settings(atMost(0), null));
    Socket waiting = connect(CLIENTS);
    awaitWaiting(1);
    server.close();
    assertThat(readEnd(waiting)).isTrue();
  }

  private static boolean readEnd(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (java.net.SocketException e) {
      return true; // reset
    }
  }
}
