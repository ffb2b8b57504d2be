package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.quorum.QuorumStatus;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real voters: their leader dies, a majority is lost, one is far behind, wiped or damaged.
 */
class QuorumFaultsTest {
  @TempDir Path home;
  private QuorumOfThree cluster;

  @BeforeEach
  void findPorts() throws Exception {
    cluster = new QuorumOfThree(home, 3);
  }

  private void start(int snapshotEntries) throws Exception {
    cluster.withSnapshotsEvery(snapshotEntries).startAll();
    register(cluster.leader());
  }

  /** A node that topics can be placed on. */
  private static void register(QuorumOfThree.Running leader) throws Exception {
    QuorumController controller = leader.controller();
    long epoch =
        get(controller.registerNode(
                ControlledCluster.registration(
                    9, new Uuid(7, 9), leader.quorum().image().clusterId(), -1)))
            .brokerEpoch();
    get(
        controller.heartbeat(
            new BrokerHeartbeatRequestData()
                .setBrokerId(9)
                .setBrokerEpoch(epoch)
                .setCurrentMetadataOffset(Long.MAX_VALUE)));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private enum Outcome {
    DONE,
    REFUSED,
    UNKNOWN
  }

  private Outcome create(QuorumController controller, String topic) throws Exception {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request.topics().add(ControlledCluster.topic(topic, 1, 1));
    try {
      short code = get(controller.createTopics(request)).topics().find(topic).errorCode();
      assertThat(Errors.forCode(code)).isIn(Errors.NONE, Errors.TOPIC_ALREADY_EXISTS);
      return Outcome.DONE;
    } catch (ExecutionException e) {
      return e.getCause() instanceof NotControllerException ? Outcome.REFUSED : Outcome.UNKNOWN;
    } catch (TimeoutException e) {
      return Outcome.UNKNOWN;
    }
  }

  private static Event config(String key, String value) {
    return new Event.ConfigsChanged(
        new ConfigResource(ConfigResource.Type.BROKER, ""), Map.of(key, value));
  }

  private static void write(QuorumOfThree.Running leader, int from, int to) throws Exception {
    List<CompletableFuture<?>> written = new ArrayList<>();
    for (int i = from; i < to; i++) {
      written.add(
          leader
              .quorum()
              .append(
                  leader.quorum().leadership().term(),
                  List.of(config("n" + i % 50, Integer.toString(i)))));
    }
    for (CompletableFuture<?> each : written) {
      get(each);
    }
  }

  private void awaitSameImages() {
    await()
        .atMost(QuorumOfThree.PATIENCE)
        .untilAsserted(() -> {
          ClusterImage leaders = cluster.leader().quorum().image();
          assertThat(cluster.all())
              .allSatisfy(voter -> assertThat(voter.quorum().image()).isEqualTo(leaders));
        });
  }

  @Test
  @Scenario("S-44")
  void topicsCreatedWhileLeadersDieAreThereOrNotAndOnce() throws Exception {
    start(1_000);
    Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    AtomicBoolean ends = new AtomicBoolean();
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; !ends.get() || i < 100; i++) {
            createUntilSomebodyAnswers("t-" + i, outcomes);
          }
        });
    for (int round = 0; round < 2; round++) {
      int before = outcomes.size();
      await().atMost(QuorumOfThree.PATIENCE).until(() -> outcomes.size() >= before + 20);
      int leads = cluster.leaderId();
      cluster.stop(leads);
      int without = outcomes.size();
      await().atMost(QuorumOfThree.PATIENCE).until(() -> outcomes.size() >= without + 20);
      cluster.start(leads);
    }
    ends.set(true);
    load.get(60, TimeUnit.SECONDS);
    awaitSameImages();

    Set<Uuid> ids = new HashSet<>();
    cluster
        .leader()
        .quorum()
        .image()
        .topics()
        .all()
        .forEach(topic -> {
          assertThat(outcomes.get(topic.name())).isIn(Outcome.DONE, Outcome.UNKNOWN);
          assertThat(ids.add(topic.id())).isTrue();
        });
    outcomes.forEach((topic, outcome) -> {
      if (outcome == Outcome.DONE) {
        assertThat(cluster.leader().quorum().image().topics().byName(topic)).isPresent();
      }
    });
  }

  /** A refusal says that nothing was done, so another is asked; an unknown outcome stays one. */
  private void createUntilSomebodyAnswers(String topic, Map<String, Outcome> outcomes) {
    while (true) {
      for (QuorumOfThree.Running voter : cluster.all()) {
        try {
          Outcome outcome = create(voter.controller(), topic);
          if (outcome != Outcome.REFUSED) {
            outcomes.put(topic, outcome);
            return;
          }
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
      Thread.onSpinWait();
    }
  }

  @Test
  @Scenario({"S-45", "S-46"})
  void withoutAMajorityNothingIsWrittenAndWithOneAllGoesOn() throws Exception {
    start(1_000);
    write(cluster.leader(), 0, 10);
    int follower = cluster.anyFollower();
    cluster.stop(follower);
    write(cluster.leader(), 10, 20);

    int leads = cluster.leaderId();
    int last =
        Stream.of(1, 2, 3).filter(id -> id != leads && id != follower).findFirst().orElseThrow();
    QuorumOfThree.Running alone = cluster.voter(leads);
    cluster.stop(last);
    await().atMost(QuorumOfThree.PATIENCE).until(() -> !alone.controller().isActive());
    ClusterImage known = alone.quorum().image();
    assertThat(create(alone.controller(), "nobody-may-see-it")).isEqualTo(Outcome.REFUSED);
    assertThat(alone.quorum().image()).isEqualTo(known);
    assertThat(known.configs().ofAllNodes()).containsEntry("n19", "19");

    cluster.start(follower);
    write(cluster.leader(), 20, 30);
    cluster.start(last);
    awaitSameImages();
    ClusterImage after = cluster.leader().quorum().image();
    assertThat(after.configs().ofAllNodes()).containsEntry("n19", "19").containsEntry("n29", "29");
    assertThat(after.topics().byName("nobody-may-see-it")).isEmpty();
  }

  @Test
  @Scenario("S-54")
  void aVoterBehindTheOldestKeptEntryCatchesUpFromASnapshot() throws Exception {
    start(100);
    int follower = cluster.anyFollower();
    cluster.stop(follower);
    write(cluster.leader(), 0, 1_000);
    cluster.start(follower);
    write(cluster.leader(), 1_000, 1_200);

    awaitSameImages();
    await()
        .atMost(QuorumOfThree.PATIENCE)
        .until(() -> !snapshots(cluster.folder(follower)).isEmpty());
  }

  @Test
  @Tag("long")
  @Scenario("S-51")
  void aSnapshotWhoseInstallationWasInterruptedIsInstalledAnew() throws Exception {
    start(100);
    int follower = cluster.anyFollower();
    cluster.stop(follower);
    write(cluster.leader(), 0, 500);
    Path machine = stateMachine(cluster.folder(follower));
    Files.write(machine.resolve("snapshot.1_400.writing"), new byte[1_000]);
    Path temporary = Files.createDirectories(machine.resolveSibling("tmp").resolve("install"));
    Files.write(temporary.resolve("snapshot.1_450"), new byte[5_000]);
    cluster.start(follower);

    awaitSameImages();
  }

  @Test
  void aWipedVoterComesBackWithTheOthersImage() throws Exception {
    start(100);
    write(cluster.leader(), 0, 300);
    int follower = cluster.anyFollower();
    cluster.stop(follower);
    wipe(cluster.folder(follower));
    write(cluster.leader(), 300, 600);
    cluster.start(follower);

    awaitSameImages();
    assertThat(cluster.voter(follower).quorum().image().configs().ofAllNodes())
        .containsEntry("n49", "599");
  }

  private static void wipe(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Test
  @Scenario("S-50")
  void aVoterWithATornVoteDoesNotStartAndTheOthersGoOn() throws Exception {
    start(1_000);
    int follower = cluster.anyFollower();
    cluster.stop(follower);
    Path vote = find(cluster.folder(follower), "raft-meta");
    byte[] bytes = Files.readAllBytes(vote);
    Files.write(vote, Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> cluster.start(follower))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(cluster.folder(follower).toString());
    write(cluster.leader(), 0, 10);
  }

  /** As many topics as {@code -Dtidemark.quorum.topics} says, with ten partitions each. */
  @Test
  @Tag("long")
  @Scenario("S-53")
  void manyPartitionsAreThereAgainWhenTheQuorumIsRestarted() throws Exception {
    int topics = Integer.getInteger("tidemark.quorum.topics", 300);
    start(1_000);
    for (int from = 0; from < topics; from += 100) {
      CreateTopicsRequestData request = new CreateTopicsRequestData();
      for (int i = from; i < Math.min(topics, from + 100); i++) {
        request.topics().add(ControlledCluster.topic("many-" + i, 10, 1));
      }
      assertThat(get(cluster.leader().controller().createTopics(request)).topics())
          .allMatch(topic -> topic.errorCode() == 0);
    }
    awaitSameImages();
    List.of(1, 2, 3).forEach(cluster::stop);
    cluster.startAll();

    awaitSameImages();
    ClusterImage after = cluster.leader().quorum().image();
    assertThat(after.topics().size()).isEqualTo(topics);
    assertThat(after.topics().byName("many-0").orElseThrow().partitionCount()).isEqualTo(10);
  }

  @Test
  void everyVoterIsDescribedByTheLeader() throws Exception {
    start(1_000);
    write(cluster.leader(), 0, 10);
    QuorumOfThree.Running leader = cluster.leader();
    await()
        .atMost(QuorumOfThree.PATIENCE)
        .untilAsserted(() -> {
          QuorumStatus status = leader.quorum().status();
          assertThat(status.voters()).hasSize(3);
          assertThat(status.voters())
              .allSatisfy(voter -> {
                assertThat(voter.logEndOffset()).isEqualTo(status.highWatermark());
                assertThat(voter.lastContactMs()).isPositive();
              });
        });
    assertThat(get(leader.controller().describeQuorum(new DescribeQuorumRequestData())).nodes())
        .hasSize(3);
    assertThatThrownBy(() ->
            get(
                cluster
                    .voter(cluster.anyFollower())
                    .controller()
                    .describeQuorum(new DescribeQuorumRequestData())))
        .hasCauseInstanceOf(NotControllerException.class);
  }

  private static Path stateMachine(Path folder) throws IOException {
    return find(folder, "sm");
  }

  private static Path find(Path folder, String name) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(path -> path.getFileName().toString().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  private static List<Path> snapshots(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(path -> path.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
          .toList();
    }
  }
}
