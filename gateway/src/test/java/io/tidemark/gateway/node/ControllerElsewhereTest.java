package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.metadata.controller.ManifestCommit;
import io.tidemark.metadata.controller.ManifestCommitResult;
import io.tidemark.metadata.controller.ManifestCommitResult.Outcome;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.quorum.ModelLog;
import io.tidemark.metadata.quorum.ModelQuorum;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes over real sockets and a modelled quorum that node 1 leads: what needs the quorum works on
 * node 2, a voter that does not lead it, and on node 4, which has no vote.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControllerElsewhereTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int RECORDS = 2_000;

  private final ExecutorService quorumThread = Executors.newSingleThreadExecutor();
  private final ModelLog log = new ModelLog(3);
  private Path home;
  private final Map<Integer, NodeFixture> nodes = new HashMap<>();

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    home = folder;
    log.elect(1);
    nodes.put(1, voter(1).start());
    nodes.put(2, voter(2).start());
    nodes.put(4, broker(4).start());
  }

  private NodeFixture voter(int id) throws IOException {
    return node(id)
        .with("controller.quorum.voters", "1@127.0.0.1:1,2@127.0.0.1:2,3@127.0.0.1:3")
        .with("listeners", "PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0")
        .withVoter(voter -> ModelQuorum.open(voter, log, quorumThread));
  }

  private NodeFixture broker(int id) throws IOException {
    Endpoint controller =
        image(1).nodes().get(1).orElseThrow().listener("CONTROLLER").orElseThrow();
    return node(id)
        .with("process.roles", "broker")
        .with("controller.quorum.voters", "")
        .with("controller.quorum.bootstrap.servers", "127.0.0.1:" + controller.port())
        .with("listeners", "PLAINTEXT://127.0.0.1:0");
  }

  private NodeFixture node(int id) throws IOException {
    return new NodeFixture(home.resolve("n" + id))
        .with("node.id", Integer.toString(id))
        .with("controller.listener.names", "CONTROLLER")
        .withDirectoryStore(home)
        .with("log.retention.check.interval.ms", "200")
        .with("tiering.upload.max.age.ms", "300")
        .with("tiering.delete.delay.ms", "100")
        .with("log.segment.delete.delay.ms", "0");
  }

  @AfterAll
  void stop() {
    nodes.values().forEach(NodeFixture::close);
    quorumThread.shutdown();
  }

  @BeforeEach
  void nodeOneLeads() {
    log.elect(1);
  }

  private NodeFixture on(int id) {
    return Objects.requireNonNull(nodes.get(id));
  }

  private ClusterImage image(int id) {
    return on(id).node().core().cluster().image();
  }

  private PartitionImage partition(TopicIdPartition id) {
    return await()
        .atMost(PATIENCE)
        .until(() -> image(2).partition(id), Optional::isPresent)
        .orElseThrow();
  }

  private <T> T admin(int id, Asked<T> asked) throws Exception {
    try (Admin admin = Admin.create(clientConfig(id))) {
      return asked.by(admin);
    }
  }

  private interface Asked<T> {
    T by(Admin admin) throws Exception;
  }

  private Map<String, Object> clientConfig(int id) {
    int port = on(id).node().listeners().getFirst().port();
    return on(id).clientConfig(Map.of("bootstrap.servers", "127.0.0.1:" + port));
  }

  /** Creates a topic led by a node, through it, and fills it. */
  private TopicIdPartition produced(int id, String topic, Map<String, String> configs)
      throws Exception {
    NewTopic created = new NewTopic(topic, Map.of(0, List.of(id))).configs(configs);
    admin(id, admin -> admin.createTopics(List.of(created)).all().get());
    produce(id, topic);
    return new TopicIdPartition(
        image(id).topics().byName(topic).orElseThrow().id(), new TopicPartition(topic, 0));
  }

  private void produce(int id, String topic) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            clientConfig(id), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int index = 0; index < RECORDS; index++) {
        producer.send(new ProducerRecord<>(topic, new byte[1_000]));
      }
    }
  }

  private long offset(int id, String topic, OffsetSpec spec) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin(
        id,
        admin ->
            admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset());
  }

  private static Map<String, String> tiered() {
    return Map.of("segment.bytes", "1048576", "local.retention.ms", "1");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  @Scenario("S-102")
  void segmentsAreUploadedAndCommittedByALeaderThatIsNoController(int id) throws Exception {
    TopicIdPartition partition = produced(id, "uploaded-" + id, tiered());

    await()
        .atMost(PATIENCE)
        .until(() -> offset(id, "uploaded-" + id, OffsetSpec.earliestLocal()) == RECORDS);
    assertThat(partition(partition).leader()).isEqualTo(id);
    assertThat(partition(partition).tieredOffset()).isEqualTo(RECORDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void uploadsGoOnWhenAnotherNodeLeadsTheQuorum(int id) throws Exception {
    TopicIdPartition partition = produced(id, "moved-" + id, tiered());
    await().atMost(PATIENCE).until(() -> partition(partition).tieredOffset() == RECORDS);

    log.elect(2);
    produce(id, "moved-" + id);
    await().atMost(PATIENCE).until(() -> partition(partition).tieredOffset() == 2 * RECORDS);
    log.elect(1);
    produce(id, "moved-" + id);
    await().atMost(PATIENCE).until(() -> partition(partition).tieredOffset() == 3 * RECORDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  @Scenario("S-98")
  void theCommitOfAZombieLeaderIsRefused(int id) throws Exception {
    TopicIdPartition partition = produced(id, "zombie-" + id, tiered());
    await().atMost(PATIENCE).until(() -> partition(partition).tieredOffset() == RECORDS);
    PartitionImage now = partition(partition);
    ManifestPointer current = Objects.requireNonNull(now.manifest());
    ManifestPointer next =
        new ManifestPointer(current.version() + 1, current.uuid(), RECORDS + 1, 10, 1);
    long nodeEpoch = image(id).nodes().get(id).orElseThrow().epoch();

    assertThat(commit(id, partition, nodeEpoch, now.leaderEpoch() - 1, current.version(), next))
        .isEqualTo(Outcome.FENCED);
    assertThat(commit(id, partition, nodeEpoch - 1, now.leaderEpoch(), current.version(), next))
        .isEqualTo(Outcome.FENCED);
    assertThat(commit(id, partition, nodeEpoch, now.leaderEpoch(), current.version() - 1, next))
        .isEqualTo(Outcome.STALE);
    assertThat(commit(id, partition, nodeEpoch, now.leaderEpoch(), current.version() - 1, current))
        .isEqualTo(Outcome.OK);
    assertThat(partition(partition).manifest()).isEqualTo(current);
  }

  private Outcome commit(
      int id,
      TopicIdPartition partition,
      long nodeEpoch,
      int leaderEpoch,
      long parent,
      ManifestPointer next)
      throws Exception {
    List<ManifestCommitResult> results =
        on(id)
            .node()
            .core()
            .controller()
            .commitManifests(
                List.of(new ManifestCommit(partition, id, nodeEpoch, leaderEpoch, parent, next)))
            .get();
    return results.getFirst().outcome();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void recordsAreDeletedThroughTheQuorum(int id) throws Exception {
    TopicIdPartition partition = produced(id, "shortened-" + id, Map.of());
    TopicPartition shortened = new TopicPartition("shortened-" + id, 0);
    admin(
        id,
        admin ->
            admin
                .deleteRecords(Map.of(shortened, RecordsToDelete.beforeOffset(1_500)))
                .all()
                .get());

    await().atMost(PATIENCE).until(() -> partition(partition).logStartOffset() == 1_500);
    assertThat(offset(id, "shortened-" + id, OffsetSpec.earliest())).isEqualTo(1_500);
    assertThatThrownBy(() ->
            on(id)
                .node()
                .core()
                .controller()
                .advanceLogStart(partition, partition(partition).leaderEpoch() - 1, 1_600)
                .get())
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(FencedLeaderEpochException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void retentionMovesLogStartsThroughTheQuorum(int id) throws Exception {
    TopicIdPartition partition =
        produced(
            id, "expired-" + id, Map.of("segment.bytes", "1048576", "retention.bytes", "500000"));

    await().atMost(PATIENCE).until(() -> partition(partition).logStartOffset() > 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void adminChangesAreAnsweredWhenThisNodeHasActedOnThem(int id) throws Exception {
    for (int round = 0; round < 20; round++) {
      String topic = "seen-%d-%d".formatted(id, round);
      CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
      request
          .topics()
          .add(
              new CreatableTopic()
                  .setName(topic)
                  .setNumPartitions(1)
                  .setReplicationFactor((short) 1));

      var answer = on(id).send(ApiKeys.CREATE_TOPICS, (short) 7, request).get();

      assertThat(((CreateTopicsResponseData) answer).topics().find(topic).errorCode()).isZero();
      assertThat(image(id).topics().byName(topic)).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void aDeletedTopicLeavesTheStoreAndIsForgotten(int id) throws Exception {
    TopicIdPartition partition = produced(id, "doomed-" + id, tiered());
    await().atMost(PATIENCE).until(() -> objectsOf(partition) > 0);

    admin(id, admin -> admin.deleteTopics(List.of("doomed-" + id)).all().get());

    await().atMost(PATIENCE).until(() -> objectsOf(partition) == 0);
    await().atMost(PATIENCE).until(() -> image(id).deletedTopics().isEmpty());
  }

  @Test
  void aNodeWithoutAVoteStartsAgainWhoeverLeadsAndKeepsItsData() throws Exception {
    TopicIdPartition partition = produced(4, "kept", Map.of());
    on(4).stop();
    log.elect(2);
    on(4).start();

    assertThat(offset(4, "kept", OffsetSpec.latest())).isEqualTo(RECORDS);
    assertThat(partition(partition).leader()).isEqualTo(4);
    int leader = admin(4, admin -> admin.describeMetadataQuorum().quorumInfo().get().leaderId());
    assertThat(leader).isEqualTo(2);
  }

  private long objectsOf(TopicIdPartition partition) throws IOException {
    Path store = home.resolve("store");
    if (!Files.exists(store)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(store)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().contains(partition.topicId().toString()))
          .count();
    }
  }
}
