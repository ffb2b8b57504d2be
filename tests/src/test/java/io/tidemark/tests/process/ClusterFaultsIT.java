package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
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
      int follower = anotherThan(leader);
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
    int follower = anotherThan(leader);
    cluster.node(follower).kill();
    await().atMost(CheckedTopic.PATIENCE).until(() -> cluster.smallestIsr("under-min-isr") == 2);

    try (KafkaProducer<byte[], byte[]> one = producer("1");
        KafkaProducer<byte[], byte[]> all = producer("all")) {
      long first = patiently().until(() -> send(one), offset -> offset >= 0);
      long appended = first + 1 + appendedUntilRefused(all);
      cluster.node(follower).start();
      await().atMost(CheckedTopic.PATIENCE).until(() -> cluster.smallestIsr("under-min-isr") == 3);
      patiently()
          .untilAsserted(
              () -> assertThat(send(all)).as("refused without a trace").isEqualTo(appended));
    }
  }

  private int anotherThan(int node) {
    return cluster.ids().stream().filter(id -> id != node).findFirst().orElseThrow();
  }

  private static long send(KafkaProducer<byte[], byte[]> producer) throws Exception {
    return producer
        .send(new ProducerRecord<>("under-min-isr", new byte[10]))
        .get(90, TimeUnit.SECONDS)
        .offset();
  }

  /**
   * Sends until the leader knows that too few are in sync and refuses, and counts what it appended
   * before that: a leader that hears of it only after its append says so.
   */
  private static int appendedUntilRefused(KafkaProducer<byte[], byte[]> producer) {
    AtomicInteger appended = new AtomicInteger();
    await()
        .atMost(CheckedTopic.PATIENCE)
        .until(() -> {
          Throwable refusal = catchThrowable(() -> send(producer));
          assertThat(refusal)
              .cause()
              .isInstanceOfAny(
                  NotEnoughReplicasException.class,
                  NotEnoughReplicasAfterAppendException.class,
                  NotLeaderOrFollowerException.class);
          if (refusal.getCause() instanceof NotEnoughReplicasAfterAppendException) {
            appended.incrementAndGet();
          }
          return refusal.getCause() instanceof NotEnoughReplicasException;
        });
    return appended.get();
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
            60_000,
            "request.timeout.ms",
            30_000),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
