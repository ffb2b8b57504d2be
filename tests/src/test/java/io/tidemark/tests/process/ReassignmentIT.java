package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.untilDone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.cli.Tidemark;
import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes whose partitions move while somebody produces and reads. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReassignmentIT {
  private static final String COPIED = "tidemark_replica_fetch_bytes_total";
  private static final int HISTORY_MB = Integer.getInteger("tidemark.move.history.mb", 24);
  private static final int VALUE_BYTES = 500;

  private ClusterProcesses cluster;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    cluster =
        new ClusterProcesses(home, 3)
            .with("tiering.store", home.resolve("store").toUri().toString())
            .with("offsets.topic.replication.factor", "2")
            .with("broker.session.timeout.ms", "30000")
            .with("log.retention.check.interval.ms", "200")
            .with("log.segment.delete.delay.ms", "100")
            .start();
    admin = cluster.admin();
  }

  @AfterAll
  void stop() {
    admin.close();
    cluster.close();
  }

  private void create(String name, Map<String, String> configs, Integer... replicas) {
    cluster.create(new NewTopic(name, Map.of(0, List.of(replicas))).configs(configs));
  }

  private void move(String topic, Integer... replicas) {
    beginMove(topic, replicas);
    endsOn(topic, replicas);
  }

  private void beginMove(String topic, Integer... replicas) {
    NewPartitionReassignment target = new NewPartitionReassignment(List.of(replicas));
    untilDone(() ->
        admin
            .alterPartitionReassignments(Map.of(new TopicPartition(topic, 0), Optional.of(target)))
            .all());
  }

  private void endsOn(String topic, Integer... replicas) {
    await()
        .atMost(CheckedTopic.PATIENCE)
        .untilAsserted(() -> {
          TopicPartitionInfo now = cluster.describe(topic, 0);
          assertThat(now.replicas()).extracting(Node::id).containsExactly(replicas);
          assertThat(now.isr()).extracting(Node::id).containsExactlyInAnyOrder(replicas);
        });
  }

  private static void makesProgress(History history) {
    long before = history.acknowledgedCount();
    await().atMost(CheckedTopic.PATIENCE).until(() -> history.acknowledgedCount() > before + 200);
  }

  private Load load(String topic, History history) {
    return new Load(cluster.bootstrapServers(), topic, 1, VALUE_BYTES, history).paced(500);
  }

  private static void verify(Load load, History history) throws Exception {
    assertThat(load.stop()).as("failed sends").isEmpty();
    load.readAll();
    assertThat(history.anomalies()).isEmpty();
    assertThat(history.acknowledgedCount()).isPositive();
  }

  @Test
  @Scenario("S-21")
  void aPartitionGrowsShrinksAndMovesUnderLoadWithoutLosingARecord() throws Exception {
    create("moved", Map.of(), 1);
    History history = new History();
    try (Load load = load("moved", history)) {
      load.start(2, new Random(21), "none", "lz4");
      makesProgress(history);
      move("moved", 2, 3, 1);
      makesProgress(history);
      move("moved", 3);
      makesProgress(history);
      await()
          .atMost(CheckedTopic.PATIENCE)
          .until(() -> ReplicaFiles.read(cluster.node(1).home(), "moved", 0).sizeBytes() == 0);
      move("moved", 1, 2);
      makesProgress(history);
      verify(load, history);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"leader", "follower"})
  @Scenario({"S-21", "S-25"})
  void aMoveThatIsThrottledWaitsAndHoldsNobodyElseUp(String side) throws Exception {
    String name = "throttled-" + side;
    int from = 1;
    int to = 3;
    create(name, Map.of("min.insync.replicas", "2"), from, 2);
    throttle(name, side, side.equals("leader") ? from : to, "0");
    History history = new History();
    try (Load load = load(name, history)) {
      load.start(2, new Random(25), "none", "lz4");
      makesProgress(history);
      beginMove(name, to, 2);
      await()
          .atMost(CheckedTopic.PATIENCE)
          .until(() ->
              cluster.describe(name, 0).replicas().stream().anyMatch(node -> node.id() == to));
      makesProgress(history);
      assertThat(ReplicaFiles.read(cluster.node(to).home(), name, 0).sizeBytes()).isZero();
      assertThat(cluster.describe(name, 0).isr())
          .extracting(Node::id)
          .containsExactlyInAnyOrder(from, 2);

      throttle(name, side, side.equals("leader") ? from : to, "2000000");
      endsOn(name, to, 2);
      makesProgress(history);
      verify(load, history);
    }
  }

  /** As {@code kafka-reassign-partitions.sh --throttle} does it. */
  private void throttle(String topic, String side, int node, String bytesPerSecond) {
    Map<ConfigResource, Collection<AlterConfigOp>> changes =
        Map.of(
            new ConfigResource(ConfigResource.Type.TOPIC, topic),
            List.of(set(side + ".replication.throttled.replicas", "0:" + node)),
            new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(node)),
            List.of(set(side + ".replication.throttled.rate", bytesPerSecond)));
    untilDone(() -> admin.incrementalAlterConfigs(changes).all());
  }

  private static AlterConfigOp set(String key, String value) {
    return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
  }

  @Test
  @Scenario("S-117")
  void aMoveOfATieredPartitionCopiesItsHotTailOnly() throws Exception {
    Map<String, String> tiered =
        Map.of(
            "remote.storage.enable", "true",
            "segment.bytes", "2097152",
            "local.retention.ms", "500");
    create("tiered", tiered, 1);
    History history = new History();
    try (Load load =
        new Load(cluster.bootstrapServers(), "tiered", 1, 20_000, history).paced(HISTORY_MB * 5)) {
      load.start(1, new Random(117), "none");
      await()
          .atMost(CheckedTopic.PATIENCE)
          .until(() -> history.acknowledgedCount() > HISTORY_MB * 50L);
      assertThat(load.stop()).isEmpty();
      long total = history.acknowledgedCount() * 20_000;
      await()
          .atMost(CheckedTopic.PATIENCE)
          .until(
              () -> ReplicaFiles.read(cluster.node(1).home(), "tiered", 0).sizeBytes() < total / 4);
      long hot = ReplicaFiles.read(cluster.node(1).home(), "tiered", 0).sizeBytes();
      double before = Scrape.of(cluster.node(3)).value(COPIED);
      move("tiered", 3);
      double copied = Scrape.of(cluster.node(3)).value(COPIED) - before;
      System.out.printf(
          "Moving a partition of %d bytes, %d of them hot, copied %.0f bytes%n",
          total, hot, copied);

      assertThat(copied).isLessThanOrEqualTo(hot + 2_097_152.0).isLessThan(total / 2.0);
      load.readAll();
      assertThat(history.anomalies()).isEmpty();
    }
  }

  private record Ran(int exitCode, String out, String err) {}

  private Ran run(String... args) {
    String[] all = new String[args.length + 2];
    System.arraycopy(args, 0, all, 0, args.length);
    all[args.length] = "--bootstrap-server";
    all[args.length + 1] = cluster.bootstrapServers();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Tidemark.execute(new PrintWriter(out), new PrintWriter(err), all);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  @Test
  @Scenario("S-21")
  void aNodeIsDrainedUnderLoadAndFilledAgain() throws Exception {
    create("drained", Map.of("min.insync.replicas", "2"), 2, 1);
    History history = new History();
    try (Load load = load("drained", history)) {
      load.start(2, new Random(4), "none", "lz4");
      makesProgress(history);
      Ran plan = run("node", "drain", "2", "--dry-run");
      assertThat(plan.exitCode()).as(plan.err()).isZero();
      assertThat(plan.out()).contains("drained");

      Ran drained = run("node", "drain", "2", "--batch", "2");
      assertThat(drained.exitCode()).as(drained.err()).isZero();
      makesProgress(history);
      assertThat(cluster.describe("drained", 0).replicas())
          .extracting(Node::id)
          .containsExactlyInAnyOrder(1, 3);
      await()
          .atMost(CheckedTopic.PATIENCE)
          .untilAsserted(() ->
              assertThat(
                      run("node", "list")
                          .out()
                          .lines()
                          .filter(line -> line.strip().startsWith("2 ")))
                  .singleElement()
                  .satisfies(line ->
                      assertThat(line.strip().split(" +"))
                          .containsSubsequence("active", "true", "0", "0")));
      assertThat(run("topic", "create", "three", "--replication-factor", "3").exitCode()).isOne();
      Ran removed = run("node", "remove", "2");
      assertThat(removed.exitCode()).isOne();
      assertThat(removed.err()).contains("stop it first");

      assertThat(run("node", "undrain", "2").exitCode()).isZero();
      Ran grown = run("topic", "alter", "drained", "--replication-factor", "3");
      assertThat(grown.exitCode()).as(grown.err()).isZero();
      await()
          .atMost(CheckedTopic.PATIENCE)
          .until(() -> cluster.describe("drained", 0).isr().size() == 3);
      Ran refused = run("node", "drain", "1");
      assertThat(refused.exitCode()).isOne();
      assertThat(refused.err()).contains("drained-0");
      verify(load, history);
    }
  }
}
