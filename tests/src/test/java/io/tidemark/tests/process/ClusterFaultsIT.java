package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes as processes under load, and what may happen to them. A seed: {@code
 * -Dtidemark.seed=…}.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterFaultsIT {
  private static final long SEED = Long.getLong("tidemark.seed", 20_261_130L);

  private ClusterProcesses cluster;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    System.out.println("ClusterFaultsIT: seed " + SEED);
    cluster =
        new ClusterProcesses(home, 3)
            .with("log.segment.bytes", "1048576")
            .with("log.retention.check.interval.ms", "500")
            .with("replica.lag.time.max.ms", "3000")
            .with("broker.session.timeout.ms", "3000")
            .start();
  }

  @AfterEach
  void allRun() {
    cluster.start();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private CheckedTopic topic(String name) throws Exception {
    return new CheckedTopic(cluster, name, Map.of()).start(SEED);
  }

  @Test
  @Scenario("S-11")
  void leadersThatAreKilledFiveTimesLoseNothing() throws Exception {
    try (CheckedTopic topic = topic("killed-often")) {
      for (int i = 0; i < 5; i++) {
        topic.isInSync();
        int leader = topic.leader();
        cluster.node(leader).kill();
        topic.makesProgress();
        cluster.node(leader).start();
      }
      topic.verify();
    }
  }

  @Test
  @Scenario("S-12")
  void leadersThatStopFiveTimesLoseNothing() throws Exception {
    try (CheckedTopic topic = topic("stopped-often")) {
      for (int i = 0; i < 5; i++) {
        topic.isInSync();
        int leader = topic.leader();
        cluster.node(leader).stop();
        topic.makesProgress();
        cluster.node(leader).start();
      }
      topic.verify();
    }
  }

  @Test
  @Scenario("S-13")
  void aRollingRestartTwiceLosesNothingAndLeavesEverybodyInSync() throws Exception {
    try (CheckedTopic topic = topic("rolled")) {
      for (int round = 0; round < 2; round++) {
        for (int id : cluster.ids()) {
          topic.isInSync();
          cluster.node(id).stop();
          cluster.node(id).start();
        }
      }
      topic.verify();
    }
  }

  @Test
  @Scenario("S-14")
  void aFollowerThatWasAwayWhileItsLeaderDeletedWhatItNeedsBeginsWhereTheLeaderDoes()
      throws Exception {
    Map<String, String> shortLived =
        Map.of("segment.bytes", "1048576", "retention.bytes", "1048576");
    try (CheckedTopic topic = new CheckedTopic(cluster, "left-behind", shortLived).start(SEED)) {
      int leader = topic.leader();
      int follower = topic.follower();
      cluster.node(follower).kill();
      long end = files(follower, "left-behind").endOffset();
      await()
          .atMost(CheckedTopic.PATIENCE)
          .until(() -> files(leader, "left-behind").startOffset() > end);
      cluster.node(follower).start();
      topic.isInSync();
      assertThat(files(follower, "left-behind").startOffset()).isGreaterThan(end);
    }
  }

  private ReplicaFiles files(int node, String topic) throws Exception {
    return ReplicaFiles.read(cluster.node(node).home(), topic, 0);
  }

  @Test
  @Scenario("S-15")
  void nothingIsLostWhenAllAreKilledAtOnce() throws Exception {
    try (CheckedTopic topic = topic("all-killed")) {
      for (int id : cluster.ids()) {
        cluster.node(id).kill();
      }
      cluster.start();
      topic.makesProgress();
      topic.verify();
    }
  }

  @Test
  @Scenario("S-71")
  void aFrozenLeaderIsReplacedAndHasNothingToSayWhenItIsThawed() throws Exception {
    try (CheckedTopic topic = topic("frozen-leader")) {
      int leader = topic.leader();
      cluster.node(leader).freeze();
      topic.makesProgress();
      cluster.node(leader).thaw();
      topic.verify();
    }
  }

  @Test
  @Scenario("S-71")
  void aFrozenFollowerIsLeftBehindAndComesBack() throws Exception {
    try (CheckedTopic topic = topic("frozen-follower")) {
      int follower = topic.follower();
      cluster.node(follower).freeze();
      await()
          .atMost(CheckedTopic.PATIENCE)
          .until(() -> cluster.smallestIsr("frozen-follower") == 2);
      topic.makesProgress();
      cluster.node(follower).thaw();
      topic.verify();
    }
  }

  @Test
  @Scenario("S-41")
  void aNodeThatLostItsDisksIsANewReplica() throws Exception {
    try (CheckedTopic topic = topic("wiped")) {
      int follower = topic.follower();
      cluster.node(follower).kill();
      cluster.node(follower).loseLogs();
      cluster.node(follower).start();
      topic.verify();
    }
  }

  @Test
  @Scenario("S-17")
  void underMinIsrOnlyAcksOfOneGoOn() throws Exception {
    cluster.createTopic("under-min-isr", 1, Map.of("min.insync.replicas", "3"));
    int leader =
        await()
            .atMost(CheckedTopic.PATIENCE)
            .until(() -> cluster.leader("under-min-isr", 0), id -> id > 0);
    int follower = cluster.ids().stream().filter(id -> id != leader).findFirst().orElseThrow();
    cluster.node(follower).kill();
    await().atMost(CheckedTopic.PATIENCE).until(() -> cluster.smallestIsr("under-min-isr") == 2);

    try (KafkaProducer<byte[], byte[]> one = producer("1")) {
      one.send(new ProducerRecord<>("under-min-isr", new byte[10])).get(20, TimeUnit.SECONDS);
    }
    try (KafkaProducer<byte[], byte[]> all = producer("all")) {
      assertThatThrownBy(() ->
              all.send(new ProducerRecord<>("under-min-isr", new byte[10]))
                  .get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(NotEnoughReplicasException.class);
    }
    cluster.node(follower).start();
    await().atMost(CheckedTopic.PATIENCE).until(() -> cluster.smallestIsr("under-min-isr") == 3);
    try (KafkaProducer<byte[], byte[]> all = producer("all")) {
      assertThat(
              all.send(new ProducerRecord<>("under-min-isr", new byte[10]))
                  .get(20, TimeUnit.SECONDS)
                  .offset())
          .isEqualTo(1);
    }
  }

  @Test
  @Scenario("S-18")
  void whatWasAppendedAndGivenUpIsThereOnceAfterItsRetry() throws Exception {
    Map<String, String> all = Map.of("min.insync.replicas", "3");
    try (CheckedTopic topic = new CheckedTopic(cluster, "given-up", all).start(SEED)) {
      int follower = topic.follower();
      cluster.node(follower).freeze();
      await().atMost(CheckedTopic.PATIENCE).until(() -> cluster.smallestIsr("given-up") == 2);
      cluster.node(follower).thaw();
      topic.makesProgress();
      topic.verify();
    }
  }

  private KafkaProducer<byte[], byte[]> producer(String acks) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            cluster.bootstrapServers(),
            "acks",
            acks,
            "enable.idempotence",
            false,
            "retries",
            0,
            "delivery.timeout.ms",
            15_000,
            "request.timeout.ms",
            10_000),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
