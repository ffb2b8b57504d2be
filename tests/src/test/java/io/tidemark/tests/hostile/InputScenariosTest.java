package io.tidemark.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.management.ThreadMXBean;
import io.tidemark.scenario.Scenario;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Requests that are well formed and mean harm, to a whole node in this thread. */
class InputScenariosTest {
  private static final short FETCH_VERSION = 18;
  private static final short CREATE_TOPICS_VERSION = 7;
  private static final short METADATA_VERSION =
      9; // the last whose topics have no ids, so that many fit

  /** The chunk that the allocator keeps of the largest answer, and what a loop receives in. */
  private static final int KEPT_OF_LARGE_ANSWER_BYTES = (2 << 20) + (512 << 10);

  private final FuzzedNode node = new FuzzedNode(7);
  private int maxIdleBufferBytes = FuzzedNode.MAX_IDLE_BUFFER_BYTES;

  @AfterEach
  void nothingIsKeptAndTheOtherClientGoesOn() {
    node.checkHealthyClient();
    node.checkMemory(maxIdleBufferBytes);
    node.close();
  }

  @Test
  @Scenario("S-181")
  void fetchingTenThousandPartitionsWithoutALimitStaysSmall() {
    List<FetchPartition> partitions = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      partitions.add(new FetchPartition().setPartition(i).setPartitionMaxBytes(Integer.MAX_VALUE));
    }
    FetchRequestData request = fetch(partitions, 0, -1).setMaxBytes(Integer.MAX_VALUE);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    var answer = (FetchResponseData) node.ask(ApiKeys.FETCH, FETCH_VERSION, request);

    assertThat(answer.responses().getFirst().partitions()).hasSize(10_000);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64 << 20);
  }

  @Test
  @Scenario("S-181")
  void fetchSessionsWithoutNumberAreNotAllKept() {
    List<FetchPartition> one = List.of(new FetchPartition().setPartition(0));
    Set<Integer> sessions = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      var answer = (FetchResponseData) node.ask(ApiKeys.FETCH, FETCH_VERSION, fetch(one, 0, 0));
      assertThat(answer.errorCode()).isZero();
      sessions.add(answer.sessionId());
    }
    assertThat(sessions).as("with 50 slots").hasSizeLessThanOrEqualTo(51).contains(0);
  }

  @Test
  @Scenario("S-182")
  void aClientCannotFetchAsAReplica() {
    node.moveToClientListener();
    FetchRequestData request = fetch(List.of(new FetchPartition().setPartition(0)), 0, -1);
    request.setReplicaState(new ReplicaState().setReplicaId(1).setReplicaEpoch(1));

    var answer = (FetchResponseData) node.ask(ApiKeys.FETCH, FETCH_VERSION, request);

    assertThat(answer.errorCode()).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    assertThat(answer.responses()).isEmpty();
  }

  private FetchRequestData fetch(List<FetchPartition> partitions, int sessionId, int epoch) {
    return new FetchRequestData()
        .setSessionId(sessionId)
        .setSessionEpoch(epoch)
        .setMaxBytes(1 << 20)
        .setTopics(List.of(new FetchTopic().setTopicId(node.victim()).setPartitions(partitions)));
  }

  @Test
  @Scenario("S-183")
  void whatNodesAskEachOtherClosesTheConnectionOfAClient() {
    node.moveToClientListener();
    FuzzFrames frames = new FuzzFrames(new java.util.Random(1), node);
    // Not WriteTxnMarkers, by which Admin aborts a hanging transaction (KIP-664), and not Envelope,
    // which gateways send where nodes serve each other: here that is the clients' listener, too.
    List<ApiKeys> between =
        List.of(
            ApiKeys.VOTE,
            ApiKeys.BEGIN_QUORUM_EPOCH,
            ApiKeys.END_QUORUM_EPOCH,
            ApiKeys.ALTER_PARTITION,
            ApiKeys.FETCH_SNAPSHOT,
            ApiKeys.BROKER_REGISTRATION,
            ApiKeys.BROKER_HEARTBEAT,
            ApiKeys.CONTROLLER_REGISTRATION,
            ApiKeys.ALLOCATE_PRODUCER_IDS,
            ApiKeys.ASSIGN_REPLICAS_TO_DIRS);
    for (FuzzFrames.Call call : FuzzFrames.calls()) {
      if (between.contains(call.key())) {
        FuzzFrame frame = frames.frame(call, frames.placed(call).bytes());
        assertThat(node.send(frame, Integer.MAX_VALUE))
            .as("%s", call)
            .isEqualTo(new Reaction.Closed(null));
      }
    }
  }

  @Test
  @Scenario("S-185")
  void topicNamesAreKafkasAndNoPaths() {
    String longest = "x".repeat(249);
    assertThat(creation(longest)).isEqualTo(Errors.NONE);
    assertThat(creation("a.b")).isEqualTo(Errors.NONE);
    for (String name :
        List.of(
            longest + "x",
            "",
            ".",
            "..",
            "../up",
            "/etc/passwd",
            "a/b",
            "a\\b",
            "sp ace",
            "new\nline",
            "nul\u0000",
            "topiç",
            "a_b")) {
      assertThat(creation(name)).as(name).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }
    assertThat(creation("a.b")).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
  }

  @Test
  @Scenario("S-184")
  void namingTopicsWithoutNumberCreatesFewOfThem() {
    maxIdleBufferBytes = KEPT_OF_LARGE_ANSWER_BYTES;
    List<MetadataRequestTopic> named = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      named.add(new MetadataRequestTopic().setName(scattered(i)));
    }
    named.add(new MetadataRequestTopic().setName("../up"));
    Set<String> before = topics();
    var answer =
        (MetadataResponseData)
            node.ask(
                ApiKeys.METADATA,
                METADATA_VERSION,
                new MetadataRequestData().setTopics(named).setAllowAutoTopicCreation(true));
    assertThat(answer.topics()).hasSize(named.size());
    assertThat(answer.topics().find("../up").errorCode())
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    assertThat(topics()).hasSizeBetween(before.size(), before.size() + 100);
  }

  /** Names whose hash codes lie nowhere near each other, as a table of them would refuse. */
  private static String scattered(int number) {
    return "n" + Integer.toUnsignedString(number * 0x9E3779B1, Character.MAX_RADIX);
  }

  private Set<String> topics() {
    var answer =
        (MetadataResponseData)
            node.ask(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData().setTopics(null));
    Set<String> names = new HashSet<>();
    answer.topics().forEach(topic -> names.add(topic.name()));
    return names;
  }

  @Test
  @Scenario("S-193")
  void topicsOfAbsurdSizeOrSettingsAreNotCreated() {
    Set<String> before = topics();
    for (int partitions : List.of(1_000_000, Integer.MAX_VALUE, 0, -2)) {
      assertThat(creation(topic("absurd").setNumPartitions(partitions)))
          .as("%s partitions", partitions)
          .isIn(Errors.POLICY_VIOLATION, Errors.INVALID_PARTITIONS);
    }
    for (int replicas : new int[] {0, 2, Short.MAX_VALUE}) {
      assertThat(creation(topic("absurd").setReplicationFactor((short) replicas)))
          .as("%s replicas", replicas)
          .isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
    }
    for (String setting :
        List.of(
            "segment.bytes=1",
            "retention.ms=-5",
            "retention.bytes=-7",
            "max.message.bytes=-1",
            "segment.ms=0",
            "min.insync.replicas=0",
            "retention.ms=99999999999999999999",
            "cleanup.policy=shred",
            "no.such.setting=1")) {
      int equals = setting.indexOf('=');
      CreatableTopic topic = topic("absurd");
      topic
          .configs()
          .add(
              new CreatableTopicConfig()
                  .setName(setting.substring(0, equals))
                  .setValue(setting.substring(equals + 1)));
      assertThat(creation(topic)).as(setting).isEqualTo(Errors.INVALID_CONFIG);
    }
    assertThat(topics()).isEqualTo(before);
  }

  private static CreatableTopic topic(String name) {
    return new CreatableTopic().setName(name).setNumPartitions(1).setReplicationFactor((short) 1);
  }

  private Errors creation(String name) {
    return creation(topic(name));
  }

  private Errors creation(CreatableTopic topic) {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
    request.topics().add(topic);
    var answer =
        (CreateTopicsResponseData) node.ask(ApiKeys.CREATE_TOPICS, CREATE_TOPICS_VERSION, request);
    return Errors.forCode(answer.topics().iterator().next().errorCode());
  }

  @Test
  @Scenario("S-192")
  void clientIdsForgeNoLogLinesAndMakeNoMeters() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(lines);
    try {
      for (int i = 0; i < 12; i++) {
        sendAs("usual", i); // meters of these APIs and errors come into being
      }
      int meters = node.meters();
      for (int i = 12; i < 3_000; i++) {
        sendAs("client-" + i + "\n12:00:00 ERROR forged\r\u001b[31m", i);
      }
      assertThat(node.meters()).isEqualTo(meters);
    } finally {
      root.detachAppender(lines);
    }
    assertThat(lines.list)
        .noneMatch(line -> line.getFormattedMessage().matches("(?s).*[\\n\\r\\x1b].*"));
  }

  /** Every third request is cut off, so that it is refused and a line says so. */
  private void sendAs(String clientId, int number) {
    ApiKeys key = number % 2 == 0 ? ApiKeys.METADATA : ApiKeys.PRODUCE;
    short version = key.latestVersion();
    var body =
        key == ApiKeys.METADATA
            ? new MetadataRequestData().setTopics(List.of())
            : new ProduceRequestData().setAcks((short) 1).setTransactionalId(clientId);
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion(version)
            .setClientId(clientId)
            .setCorrelationId(number);
    FuzzFrame frame = FuzzFrame.of(key, version, header, FuzzFrame.bytesOf(body, version));
    if (number % 3 == 0) {
      node.sendAndHangUp(java.util.Arrays.copyOf(frame.bytes(), 20), Integer.MAX_VALUE);
    } else {
      node.send(frame, Integer.MAX_VALUE);
    }
  }
}
