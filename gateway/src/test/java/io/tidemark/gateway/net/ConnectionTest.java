package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.tidemark.gateway.metrics.RequestMetrics;
import io.tidemark.log.partition.MemorySlice;
import io.tidemark.log.record.WireRecords;
import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** One connection over a channel in memory; the test is client and handler. */
@SuppressWarnings("NullAway.Init") // opened before each test
class ConnectionTest {
  private static final int MAX_REQUEST_BYTES = 16 << 20;
  private static final long BUDGET_BYTES = 64 << 20;

  /** Makes clients wait as long as the test says, and keeps what it was asked. */
  private static final class ScriptedThrottle implements Throttle {
    private int muteMs;
    private final List<Integer> charged = new ArrayList<>();

    @Override
    public boolean isOn() {
      return muteMs > 0;
    }

    @Override
    public int charge(Request request, @Nullable ApiMessage answer, long busyNs) {
      charged.add(request.header().correlationId());
      return muteMs;
    }
  }

  private record Taken(Request request, Responder responder) {}

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final ManualTime time = new ManualTime();
  private final List<Taken> taken = new ArrayList<>();
  private final FrameBudget budget = new FrameBudget(BUDGET_BYTES);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private RequestHandler handler = (request, responder) -> taken.add(new Taken(request, responder));
  private final ScriptedThrottle throttle = new ScriptedThrottle();
  private EmbeddedChannel channel;
  private Connection connection;
  private ConnectionLoop loop;

  @BeforeEach
  void open() throws Exception {
    ConnectionSettings settings =
        new ConnectionSettings(
            MAX_REQUEST_BYTES,
            BUDGET_BYTES,
            10,
            -1,
            -1,
            600_000,
            30_000,
            60_000,
            ConnectionLimitsTest.UNLIMITED);
    ConnectionLimits limits = new ConnectionLimits(settings.quotas(), time);
    FrameBudget strangers = FrameBudget.ofStrangers(budget);
    ServerContext server =
        new ServerContext(
            (request, responder) -> handler.handle(request, responder),
            budget,
            strangers,
            limits,
            new Patience(settings),
            MAX_REQUEST_BYTES,
            allocator,
            time,
            new RequestMetrics(meters),
            new ConnectionMetrics(meters, limits, budget, strangers),
            new QuietLog(LoggerFactory.getLogger(ConnectionTest.class), time));
    InetAddress address = InetAddress.getLoopbackAddress();
    channel = new EmbeddedChannel();
    loop = new ConnectionLoop(channel.eventLoop(), allocator);
    connection =
        new Connection(
            server,
            new Listener(
                "PLAINTEXT",
                "localhost",
                0,
                ListenerSecurity.NONE,
                ConnectionTest::apis,
                () -> throttle),
            loop,
            new ConnectionAddress("here-there-1", address, 4711));
    channel.pipeline().addLast(new ConnectionEvents(connection));
  }

  private static ServedApis apis() {
    Map<ApiKeys, ServedApis.Versions> versions = new EnumMap<>(ApiKeys.class);
    for (ApiKeys key :
        List.of(ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.METADATA, ApiKeys.API_VERSIONS)) {
      versions.put(key, new ServedApis.Versions(key.oldestVersion(), key.latestVersion()));
    }
    return new ServedApis(versions);
  }

  @AfterEach
  void everythingIsGivenBack() {
    channel.finishAndReleaseAll();
    loop.close();
    assertThat(budget.usedBytes()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void answersLeaveInTheOrderOfTheRequests() {
    sendProduce(1, 2, 3);
    assertThat(takenIds()).containsExactly(1, 2, 3);
    taken.get(2).responder().respond(new ProduceResponseData());
    taken.get(0).responder().respond(new ProduceResponseData());
    assertThat(answered()).containsExactly(1);
    taken.get(1).responder().respond(new ProduceResponseData());
    assertThat(answered()).containsExactly(2, 3);
  }

  @Test
  void aProduceWaitsUntilTheOneBeforeIsAppended() {
    send(Wire.produce(1, 10), Wire.produce(2, 10));
    assertThat(takenIds()).containsExactly(1);
    taken.get(0).responder().appended();
    channel.runPendingTasks();
    assertThat(takenIds()).containsExactly(1, 2);
  }

  @Test
  void otherRequestsAreBarriers() {
    appendAtOnce();
    send(Wire.produce(1, 10), Wire.metadata(2), Wire.produce(3, 10));
    assertThat(takenIds()).containsExactly(1);
    taken.get(0).responder().respond(new ProduceResponseData());
    assertThat(answered()).containsExactly(1);
    assertThat(takenIds()).containsExactly(1, 2);
    taken.get(1).responder().respond(new MetadataResponseData());
    assertThat(answered()).containsExactly(2);
    assertThat(takenIds()).containsExactly(1, 2, 3);
  }

  @Test
  @Scenario("S-175")
  void readingStopsAtSixteenUnansweredRequests() {
    appendAtOnce();
    byte[][] requests = new byte[40][];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = Wire.produce(i, 10);
    }
    send(requests);
    assertThat(taken).hasSize(16);
    assertThat(channel.config().isAutoRead()).isFalse();
    for (int i = 0; i < 40; i++) {
      taken.get(i).responder().respond(new ProduceResponseData());
      channel.runPendingTasks();
    }
    assertThat(answered()).hasSize(40).isSorted();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  @Scenario("S-175")
  void readingStopsAtEightMebibytesUnanswered() {
    appendAtOnce();
    int threeMebibytes = 3 << 20;
    send(
        Wire.produce(1, threeMebibytes),
        Wire.produce(2, threeMebibytes),
        Wire.produce(3, threeMebibytes),
        Wire.produce(4, threeMebibytes));
    assertThat(takenIds()).containsExactly(1, 2, 3);
  }

  @Test
  @Scenario("S-191")
  void whoHasUsedTooMuchIsAnsweredFirstAndThenNotHeard() {
    channel.freezeTime();
    throttle.muteMs = 1_000;
    sendProduce(1);
    taken.get(0).responder().respond(new ProduceResponseData());
    assertThat(answered()).containsExactly(1);
    assertThat(channel.config().isAutoRead()).isFalse();
    throttle.muteMs = 0;
    sendProduce(2);
    assertThat(takenIds()).containsExactly(1);

    channel.advanceTimeBy(999, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(takenIds()).containsExactly(1);
    channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();

    assertThat(takenIds()).containsExactly(1, 2);
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(throttle.charged).containsExactly(1);
  }

  @Test
  void whatWasTakenUpIsAnsweredWhileItsClientIsNotHeard() {
    channel.freezeTime();
    throttle.muteMs = 1_000;
    sendProduce(1, 2, 3);
    taken.get(0).responder().respond(new ProduceResponseData());
    taken.get(1).responder().noResponse();
    taken.get(2).responder().respond(new ProduceResponseData());
    assertThat(answered()).containsExactly(1, 3);
    assertThat(throttle.charged).containsExactly(1, 2, 3);
  }

  @Test
  void aMutedClientThatLeavesIsForgottenAtOnce() {
    channel.freezeTime();
    throttle.muteMs = 1_000_000;
    sendProduce(1);
    taken.get(0).responder().respond(new ProduceResponseData());
    assertThat(answered()).containsExactly(1);
    channel.close();
    channel.runPendingTasks();
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void aProduceWithoutAnswerLeavesNoHole() {
    sendProduce(1, 2, 3);
    taken.get(2).responder().respond(new ProduceResponseData());
    taken.get(0).responder().respond(new ProduceResponseData());
    taken.get(1).responder().noResponse();
    assertThat(answered()).containsExactly(1, 3);
  }

  @Test
  void closingComesAfterTheAnswersOfEarlierRequests() {
    sendProduce(1, 2);
    taken.get(1).responder().close("as asked");
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isTrue();
    taken.get(0).responder().respond(new ProduceResponseData());
    assertThat(answered()).containsExactly(1);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void recordsOfARequestLieInItsFrameUntilItIsReleased() {
    handler =
        (request, responder) -> {
          request.retain();
          taken.add(new Taken(request, responder));
        };
    send(Wire.produce(7, 5_000));
    ByteBuffer records = records(taken.get(0).request());
    assertThat(records.isDirect()).isTrue();
    assertThat(records).isEqualTo(Wire.filled(5_000, 7));
    assertThat(budget.usedBytes()).isGreaterThan(5_000);
    taken.get(0).request().release();
    assertThat(budget.usedBytes()).isZero();
  }

  private static ByteBuffer records(Request request) {
    var data = (org.apache.kafka.common.message.ProduceRequestData) request.body().data();
    var partition = data.topicData().iterator().next().partitionData().get(0);
    return Objects.requireNonNull(WireRecords.bytes(partition.records()));
  }

  @Test
  @Scenario("S-168")
  void anUnknownVersionOfApiVersionsIsAnsweredInVersionZero() {
    send(Wire.header(18, 99, 5));
    ByteBuf answer = outbound();
    answer.skipBytes(4);
    assertThat(answer.readInt()).isEqualTo(5);
    var body = new ApiVersionsResponseData(new ByteBufferAccessor(answer.nioBuffer()), (short) 0);
    assertThat(body.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    assertThat(body.apiKeys().find((short) 18).maxVersion())
        .isEqualTo(ApiKeys.API_VERSIONS.latestVersion());
    answer.release();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aCorrelationIdIsNoArraysLength() {
    send(Wire.header(ApiKeys.API_VERSIONS.id, 0, 0x6d000000));
    assertThat(takenIds()).containsExactly(0x6d000000);
  }

  @Test
  @Scenario("S-168")
  void unknownKeysAndVersionsCloseTheConnection() throws Exception {
    int[][] hostile = {{9_999, 0}, {-1, 0}, {3, 99}, {3, -1}, {0, 2}, {4, 0}};
    for (int[] request : hostile) {
      open();
      send(Wire.header(request[0], request[1], 1));
      assertThat(channel.isOpen()).as("key %s version %s", request[0], request[1]).isFalse();
    }
    assertThat(taken).isEmpty();
  }

  @Test
  void everyShorterFormOfARequestIsRefused() throws Exception {
    byte[] whole = Wire.produce(1, 50);
    for (int length = 1; length < whole.length - 4; length++) {
      open();
      byte[] cut = new byte[length + 4];
      System.arraycopy(whole, 0, cut, 0, cut.length);
      ByteBuffer.wrap(cut).putInt(length);
      send(cut);
      assertThat(channel.isOpen()).as("cut to %s bytes", length).isFalse();
    }
    assertThat(taken).isEmpty();
  }

  @Test
  @Scenario("S-169")
  void anArrayOfMoreThanAMillionElementsIsRefused() {
    int topics = 1_500_000;
    ByteBuffer frame = ByteBuffer.allocate(4 + 10 + 4 + 2 * topics);
    frame.putInt(frame.capacity() - 4);
    frame.putShort((short) 3).putShort((short) 0).putInt(1).putShort((short) -1).putInt(topics);
    send(frame.array());
    assertThat(channel.isOpen()).isFalse();
    assertThat(taken).isEmpty();
  }

  @Test
  void aThrowingHandlerClosesOnlyItsConnection() {
    handler =
        (request, responder) -> {
          throw new IllegalStateException("a defect");
        };
    send(Wire.metadata(1));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void slicesAreReleasedOnceTheyAreWritten() {
    send(Wire.fetch(1));
    AtomicInteger releases = new AtomicInteger();
    taken.get(0).responder().respond(fetched(100, releases));
    channel.runPendingTasks();
    assertThat(releases).hasValue(1);
    ByteBuf answer = outbound();
    assertThat(answer.readableBytes()).isEqualTo(4 + answer.getInt(0));
    answer.release();
  }

  @Test
  void slicesOfAnAnswerThatComesTooLateAreReleased() {
    send(Wire.fetch(1));
    AtomicInteger releases = new AtomicInteger();
    channel.close();
    channel.runPendingTasks();
    taken.get(0).responder().respond(fetched(100, releases));
    assertThat(releases).hasValue(1);
  }

  @Test
  void slicesOfASecondAnswerAreReleased() {
    send(Wire.fetch(1));
    AtomicInteger releases = new AtomicInteger();
    taken.get(0).responder().respond(new FetchResponseData());
    taken.get(0).responder().respond(fetched(100, releases));
    assertThat(releases).hasValue(1);
    assertThat(answered()).containsExactly(1);
  }

  private static FetchResponseData fetched(int bytes, AtomicInteger releases) {
    var slice = new MemorySlice(List.of(ByteBuffer.allocate(bytes)), releases::incrementAndGet);
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

  @Test
  void aClientThatEndsItsSideStillGetsItsAnswers() {
    appendAtOnce();
    send(Wire.produce(1, 10), Wire.metadata(2), Wire.metadata(3));
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    taken.get(0).responder().respond(new ProduceResponseData());
    channel.runPendingTasks();
    taken.get(1).responder().respond(new MetadataResponseData());
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isTrue();
    taken.get(2).responder().respond(new MetadataResponseData());
    assertThat(answered()).containsExactly(1, 2, 3);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aDrainingConnectionAnswersWhatItTookUpAndCloses() {
    appendAtOnce();
    send(Wire.produce(1, 10), Wire.metadata(2));
    loop.drain();
    taken.get(0).responder().respond(new ProduceResponseData());
    assertThat(answered()).containsExactly(1);
    assertThat(taken).hasSize(1);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whoWaitsForTheEndIsToldOnce() {
    AtomicInteger ends = new AtomicInteger();
    AtomicInteger forgotten = new AtomicInteger();
    connection.onClose(ends::incrementAndGet);
    connection.onClose(forgotten::incrementAndGet).close();
    channel.close();
    connection.onClose(ends::incrementAndGet);
    channel.runPendingTasks();
    assertThat(ends).hasValue(2);
    assertThat(forgotten).hasValue(0);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  @Scenario("S-172")
  void aTricklingRequestIsOverdue() {
    channel.writeInbound(Unpooled.wrappedBuffer(Wire.metadata(1), 0, 7));
    time.advanceMs(29_000);
    assertThat(connection.isOverdue()).isFalse();
    time.advanceMs(2_000);
    assertThat(connection.isOverdue()).isTrue();
    connection.closeOverdue();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aConnectionThatIsOwedAnAnswerIsNotIdle() {
    send(Wire.fetch(1));
    time.advanceMs(700_000);
    assertThat(connection.isOverdue()).isFalse();
    taken.get(0).responder().respond(new FetchResponseData());
    channel.runPendingTasks();
    time.advanceMs(601_000);
    assertThat(connection.isOverdue()).isTrue();
  }

  @Test
  void requestsAreCountedByApiWithTheirErrors() {
    send(Wire.metadata(1));
    var topic =
        new MetadataResponseData.MetadataResponseTopic()
            .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
            .setName("t");
    MetadataResponseData body = new MetadataResponseData();
    body.topics().add(topic);
    taken.get(0).responder().respond(body);
    channel.runPendingTasks();
    assertThat(meters.get("tidemark.requests").tag("api", "Metadata").timer().count()).isOne();
    assertThat(
            meters
                .get("tidemark.requests.errors")
                .tag("error", "UNKNOWN_TOPIC_OR_PARTITION")
                .counter()
                .count())
        .isEqualTo(1);
  }

  private void appendAtOnce() {
    handler =
        (request, responder) -> {
          taken.add(new Taken(request, responder));
          responder.appended();
        };
  }

  private void sendProduce(int... ids) {
    appendAtOnce();
    for (int id : ids) {
      send(Wire.produce(id, 10));
    }
  }

  private void send(byte[]... frames) {
    channel.writeInbound(allocator.directBuffer().writeBytes(Wire.concat(frames)));
    channel.runPendingTasks();
  }

  private List<Integer> takenIds() {
    return taken.stream().map(t -> t.request().header().correlationId()).toList();
  }

  private List<Integer> answered() {
    channel.runPendingTasks();
    ByteBuf all = outbound();
    List<Integer> ids = Wire.correlationIds(all);
    all.release();
    return ids;
  }

  private ByteBuf outbound() {
    ByteBuf all = Unpooled.buffer();
    ByteBuf next = channel.readOutbound();
    while (next != null) {
      all.writeBytes(next);
      next.release();
      next = channel.readOutbound();
    }
    return all;
  }
}
