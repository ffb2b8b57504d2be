package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Replicas move between the log directories of a node while Kafka's clients use them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogDirMovesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int NODE = 1;

  private Path one;
  private Path two;
  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    one = home.resolve("one");
    two = home.resolve("two");
    node = new NodeFixture(home).with("log.dirs", one + "," + two).start();
    admin = node.admin();
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  private static TopicPartitionReplica replica(String topic) {
    return new TopicPartitionReplica(topic, 0, NODE);
  }

  private ReplicaLogDirInfo place(String topic) throws Exception {
    return admin.describeReplicaLogDirs(List.of(replica(topic))).all().get().get(replica(topic));
  }

  private void move(String topic, Path directory) throws Exception {
    admin.alterReplicaLogDirs(Map.of(replica(topic), directory.toString())).all().get();
  }

  private Path other(String topic) throws Exception {
    return place(topic).getCurrentReplicaLogDir().equals(one.toString()) ? two : one;
  }

  private void liesIn(String topic, Path directory) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          ReplicaLogDirInfo place = place(topic);
          assertThat(place.getCurrentReplicaLogDir()).isEqualTo(directory.toString());
          assertThat(place.getFutureReplicaLogDir()).isNull();
        });
  }

  private void create(String topic) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
  }

  private void limit(String bytesPerSecond) throws Exception {
    ConfigEntry entry =
        new ConfigEntry("replica.alter.log.dirs.io.max.bytes.per.second", bytesPerSecond);
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(NODE)),
                List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  private Load load(String topic, History history) {
    Load load = new Load(node.bootstrapServers(), topic, 1, 2_000, history).paced(1_000);
    load.start(2, new Random(34), "none", "lz4");
    return load;
  }

  private static void makesProgress(History history) {
    long before = history.acknowledgedCount();
    await().atMost(PATIENCE).until(() -> history.acknowledgedCount() > before + 500);
  }

  private static void verify(Load load, History history) throws Exception {
    assertThat(load.stop()).as("failed sends").isEmpty();
    load.readAll();
    assertThat(history.anomalies()).isEmpty();
  }

  @Test
  void aReplicaMovesThereAndBackUnderLoadAndIsThereAfterAStart() throws Exception {
    create("moved");
    History history = new History();
    try (Load load = load("moved", history)) {
      makesProgress(history);
      Path there = other("moved");
      move("moved", there);
      liesIn("moved", there);
      makesProgress(history);
      Path back = other("moved");
      move("moved", back);
      liesIn("moved", back);
      move("moved", there);
      liesIn("moved", there);
      makesProgress(history);
      assertThat(load.stop()).as("failed sends").isEmpty();
      node.stop();
      node.start();
      liesIn("moved", there);
      load.readAll();
      assertThat(history.anomalies()).isEmpty();
      assertThat(Files.exists(back.resolve("moved-0"))).isFalse();
    }
  }

  @Test
  void aMoveIsSeenWhileItIsUnderWayAndCanBeTakenBack() throws Exception {
    create("slow");
    History history = new History();
    try (Load load = load("slow", history)) {
      makesProgress(history);
      makesProgress(history);
      limit("50000");
      Path there = other("slow");
      Path here = other("slow").equals(one) ? two : one;
      move("slow", there);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            ReplicaLogDirInfo place = place("slow");
            assertThat(place.getCurrentReplicaLogDir()).isEqualTo(here.toString());
            assertThat(place.getFutureReplicaLogDir()).isEqualTo(there.toString());
            assertThat(place.getFutureReplicaOffsetLag()).isPositive();
          });
      makesProgress(history);
      move("slow", here);
      liesIn("slow", here);
      assertThat(Files.exists(there.resolve("slow-0"))).isFalse();
      move("slow", there);
      limit("1000000000");
      liesIn("slow", there);
      makesProgress(history);
      verify(load, history);
    }
  }

  @Test
  void whatCannotBeIsRefused(@TempDir Path elsewhere) throws Exception {
    create("stays");
    assertThatThrownBy(() -> move("stays", elsewhere))
        .hasCauseInstanceOf(LogDirNotFoundException.class);
    assertThatThrownBy(() -> move("missing", two))
        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
  }

  @Test
  void aTopicThatIsDeletedOnItsWayLeavesNothingBehind() throws Exception {
    create("gone");
    History history = new History();
    try (Load load = load("gone", history)) {
      makesProgress(history);
      assertThat(load.stop()).isEmpty();
    }
    limit("1000");
    move("gone", other("gone"));
    admin.deleteTopics(List.of("gone")).all().get();

    await()
        .atMost(PATIENCE)
        .until(() -> !Files.exists(one.resolve("gone-0")) && !Files.exists(two.resolve("gone-0")));
    create("gone");
    assertThat(place("gone").getFutureReplicaLogDir()).isNull();
    limit("1000000000");
  }
}
