package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.epoll.Epoll;
import io.tidemark.gateway.net.ConnectionQuotas.Quota;
import io.tidemark.log.partition.MemorySlice;
import io.tidemark.log.record.WireRecords;
import io.tidemark.scenario.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The server over real sockets, with each transport there is. */
@SuppressWarnings("NullAway.Init") // each test starts its own server
class KafkaServerTest {
  private static final int LIMIT_BYTES = 8 << 20;

  private final ExecutorService others = Executors.newFixedThreadPool(2);
  private final AtomicInteger releases = new AtomicInteger();
  private final AtomicInteger handled = new AtomicInteger();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private EventLoops loops;
  private KafkaServer server;

  static Stream<Boolean> transports() {
    return Epoll.isAvailable() ? Stream.of(true, false) : Stream.of(false);
  }

  private static ConnectionSettings settings(long timeoutMs, long idleMs, int perIp) {
    return new ConnectionSettings(
        LIMIT_BYTES,
        64 << 20,
        50,
        -1,
        -1,
        idleMs,
        timeoutMs,
        timeoutMs,
        new ConnectionQuotas(Quota.NONE, Map.of(), perIp, Map.of(), null));
  }

  private void start(boolean epoll) throws IOException {
    start(epoll, settings(30_000, 600_000, 1_000));
  }

  private void start(boolean epoll, ConnectionSettings settings) throws IOException {
    loops = EventLoops.open(2, Thread.ofPlatform().daemon().name("loop-", 0).factory(), epoll);
    Map<ApiKeys, ServedApis.Versions> versions = new EnumMap<>(ApiKeys.class);
    for (ApiKeys key :
        List.of(ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.METADATA, ApiKeys.API_VERSIONS)) {
      versions.put(key, new ServedApis.Versions(key.oldestVersion(), key.latestVersion()));
    }
    Listener listener = new Listener("PLAINTEXT", "127.0.0.1", 0, new ServedApis(versions));
    server = new KafkaServer(List.of(listener), settings, this::handle, loops, Time.SYSTEM, meters);
    server.start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
      assertThat(server.openConnections()).isZero();
      assertThat(meters.get("tidemark.requests.memory.used").gauges())
          .hasSize(2)
          .allSatisfy(gauge -> assertThat(gauge.value()).isZero());
      loops.close();
    }
    others.shutdownNow();
  }

  /** Answers at once, but a Produce from another thread, as after replication. */
  private void handle(Request request, Responder responder) {
    handled.incrementAndGet();
    switch (request.apiKey()) {
      case API_VERSIONS -> responder.respond(new ApiVersionsResponseData());
      case METADATA -> responder.respond(new MetadataResponseData());
      case FETCH -> responder.respond(fetched());
      default -> {
        request.retain();
        responder.appended();
        others.execute(() -> answerProduce(request, responder));
      }
    }
  }

  private static void answerProduce(Request request, Responder responder) {
    var data = (ProduceRequestData) request.body().data();
    ByteBuffer records =
        Objects.requireNonNull(
            WireRecords.bytes(
                data.topicData().iterator().next().partitionData().getFirst().records()));
    boolean isIntact =
        Wire.filled(records.remaining(), request.header().correlationId()).equals(records);
    request.release();
    if (isIntact) {
      responder.respond(new ProduceResponseData());
    } else {
      responder.close("records were changed");
    }
  }

  private FetchResponseData fetched() {
    var slice = new MemorySlice(List.of(ByteBuffer.allocateDirect(4 << 20)), this::released);
    var partition =
        new FetchResponseData.PartitionData()
            .setPartitionIndex(0)
            .setRecords(WireRecords.of(slice));
    var topic = new FetchResponseData.FetchableTopicResponse();
    topic.partitions().add(partition);
    FetchResponseData body = new FetchResponseData();
    body.responses().add(topic);
    return body;
  }

  private void released() {
    releases.incrementAndGet();
  }

  private Socket connect() throws IOException {
    InetSocketAddress address = server.boundAddress("PLAINTEXT");
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(60_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static int readAnswer(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int size = in.readInt();
    byte[] body = in.readNBytes(size);
    assertThat(body).hasSize(size);
    return ByteBuffer.wrap(body).getInt();
  }

  private static void assertClosed(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    try {
      assertThat(in.read()).isEqualTo(-1);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void requestsOfAllSizesAreAnsweredInOrder(boolean epoll) throws Exception {
    start(epoll);
    try (Socket socket = connect()) {
      int[] sizes = {10, 100, 5_000, 17_000, 70_000, 1_100_000, 5_000_000, 3};
      List<Integer> expected = new ArrayList<>();
      Thread writer = Thread.ofVirtual().start(() -> writeAll(socket, sizes));
      for (int i = 0; i < 5 * sizes.length; i++) {
        expected.add(readAnswer(socket));
      }
      writer.join();
      assertThat(expected).hasSize(5 * sizes.length).isSorted();
    }
  }

  private static void writeAll(Socket socket, int[] sizes) {
    try {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < 5 * sizes.length; i++) {
        out.write(Wire.produce(i, sizes[i % sizes.length]));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  @Scenario("S-175")
  void requestsWithoutEndAreHeldBackAndAllAnswered(boolean epoll) throws Exception {
    start(epoll);
    try (Socket socket = connect()) {
      int count = 20_000;
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < count; i++) {
                    socket
                        .getOutputStream()
                        .write(i % 3 == 0 ? Wire.apiVersions(i) : Wire.produce(i, 20));
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      for (int i = 0; i < count; i++) {
        assertThat(readAnswer(socket)).isEqualTo(i);
      }
      writer.join();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  @Scenario("S-173")
  void aClientThatNeverReadsIsMutedAndClosed(boolean epoll) throws Exception {
    start(epoll, settings(1_000, 600_000, 1_000));
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      ByteArrayOutputStream requests = new ByteArrayOutputStream();
      for (int i = 0; i < 100; i++) {
        requests.write(Wire.fetch(i));
      }
      out.write(requests.toByteArray());
      await().atMost(Duration.ofMinutes(1)).until(() -> server.openConnections() == 0);
      assertThat(handled.get()).as("answers made for a client that reads none").isLessThan(10);
      assertThat(releases).hasValue(handled.get());
      assertThat(closedFor("slow_reader")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  @Scenario("S-172")
  void aTricklingRequestIsClosedWhileOthersAreServed(boolean epoll) throws Exception {
    start(epoll, settings(500, 600_000, 1_000));
    try (Socket slow = connect();
        Socket other = connect()) {
      slow.getOutputStream().write(Wire.metadata(1), 0, 9);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> {
            other.getOutputStream().write(Wire.metadata(2));
            assertThat(readAnswer(other)).isEqualTo(2);
            return closedFor("slow_request") == 1;
          });
      assertClosed(slow);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anIdleConnectionIsClosed(boolean epoll) throws Exception {
    start(epoll, settings(30_000, 300, 1_000));
    try (Socket socket = connect()) {
      assertClosed(socket);
      assertThat(closedFor("idle")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  @Scenario("S-174")
  void connectionsOfOneAddressAreLimited(boolean epoll) throws Exception {
    start(epoll, settings(30_000, 600_000, 2));
    try (Socket first = connect();
        Socket second = connect();
        Socket third = connect()) {
      assertClosed(third);
      first.getOutputStream().write(Wire.metadata(1));
      assertThat(readAnswer(first)).isEqualTo(1);
      second.shutdownOutput();
      await().atMost(Duration.ofMinutes(1)).until(() -> server.openConnections() == 1);
      try (Socket fourth = connect()) {
        fourth.getOutputStream().write(Wire.metadata(2));
        assertThat(readAnswer(fourth)).isEqualTo(2);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  @Scenario({"S-167", "S-171"})
  void otherProtocolsAndWrongSizesAreClosed(boolean epoll) throws Exception {
    start(epoll);
    List<byte[]> hostile =
        List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            "SSH-2.0-OpenSSH_9.9\r\n".getBytes(StandardCharsets.US_ASCII),
            new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3},
            new byte[] {0, 0, 0, 0},
            new byte[] {-1, -1, -1, -1},
            new byte[] {0x7f, -1, -1, -1},
            Wire.header(18_000, 0, 1));
    for (byte[] bytes : hostile) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(bytes);
        assertClosed(socket);
      }
    }
    assertThat(closedFor("invalid_request")).isEqualTo(hostile.size());
    assertThat(handled).hasValue(0);
  }

  @ParameterizedTest
  @MethodSource("transports")
  @Scenario("S-176")
  void halfARequestThatEndsAtAnyByteLeavesNothingBehind(boolean epoll) throws Exception {
    start(epoll);
    byte[] request = Wire.concat(Wire.produce(1, 30_000));
    for (int length = 0; length < 60; length++) {
      end(request, length, length % 2 == 0);
    }
    for (int length = 100; length < request.length; length += 2_999) {
      end(request, length, true);
      end(request, length, false);
    }
    await().atMost(Duration.ofMinutes(1)).until(() -> server.openConnections() == 0);
    assertThat(handled).hasValue(0);
  }

  private void end(byte[] request, int length, boolean reset) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request, 0, length);
      if (reset) {
        socket.setSoLinger(true, 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClientThatEndsItsSideGetsItsAnswers(boolean epoll) throws Exception {
    start(epoll);
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(
              Wire.concat(
                  Wire.produce(1, 100), Wire.metadata(2), Wire.fetch(3), Wire.produce(4, 5)));
      socket.shutdownOutput();
      for (int i = 1; i <= 4; i++) {
        assertThat(readAnswer(socket)).isEqualTo(i);
      }
      assertClosed(socket);
    }
    await().atMost(Duration.ofMinutes(1)).until(() -> releases.get() == 1);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void drainingEndsEveryConnection(boolean epoll) throws Exception {
    start(epoll);
    try (Socket socket = connect()) {
      socket.getOutputStream().write(Wire.produce(1, 100_000));
      assertThat(readAnswer(socket)).isEqualTo(1);
      server.drain(Duration.ofSeconds(5));
      assertClosed(socket);
      assertThat(server.openConnections()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aTakenPortIsNamed(boolean epoll) throws Exception {
    start(epoll);
    int port = server.boundAddress("PLAINTEXT").getPort();
    Listener taken = new Listener("OTHER", "127.0.0.1", port, new ServedApis(Map.of()));
    try (KafkaServer second =
        new KafkaServer(
            List.of(taken),
            settings(1, 1, 1),
            this::handle,
            loops,
            Time.SYSTEM,
            new SimpleMeterRegistry())) {
      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("OTHER cannot listen on 127.0.0.1:" + port);
    }
  }

  private double closedFor(String reason) {
    return meters.get("tidemark.connections.closed").tag("reason", reason).counter().count();
  }
}
