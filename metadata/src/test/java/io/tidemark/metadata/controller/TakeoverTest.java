package io.tidemark.metadata.controller;

import static io.tidemark.metadata.controller.ControlledCluster.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.event.ImageFold;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.quorum.ImageFollower;
import io.tidemark.metadata.quorum.ModelLog;
import io.tidemark.metadata.quorum.ModelQuorum;
import io.tidemark.metadata.quorum.ModelQuorum.Fault;
import io.tidemark.metadata.quorum.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What becomes of decisions when leadership, answers or processes are lost. */
class TakeoverTest {
  private final ControlledCluster cluster = new ControlledCluster(1);

  private CompletableFuture<CreateTopicsResponseData> create(
      QuorumController controller, String name) {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request.topics().add(topic(name, 1, 1));
    return controller.createTopics(request);
  }

  @Test
  void aNewClusterHasAnIdAndFeatures() {
    assertThat(cluster.image().clusterId()).hasSize(22);
    assertThat(cluster.image().features().level(Features.KRAFT_VERSION)).isEqualTo((short) 1);
    assertThat(cluster.image().features().level(Features.ELIGIBLE_LEADER_REPLICAS))
        .isEqualTo((short) 1);
    assertThat(cluster.image().features().level(Features.TRANSACTION_VERSION)).isEqualTo((short) 2);
    String clusterId = cluster.image().clusterId();
    cluster.restart();
    assertThat(cluster.image().clusterId()).isEqualTo(clusterId);
  }

  @Test
  void callsThatQueueUpWhileAnEntryIsInFlightShareTheNextOne() {
    long before = cluster.image().version();
    cluster.quorum.hold();
    List<CompletableFuture<CreateTopicsResponseData>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(create(cluster.controller, "t" + i));
      cluster.run();
    }
    assertThat(answers).noneMatch(CompletableFuture::isDone);
    cluster.quorum.release();
    cluster.run();
    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThat(cluster.image().version()).isEqualTo(before + 2);
  }

  @Test
  void whenTheAnswerIsLostTheCallerIsToldThatItIsNotKnownAndMayAskAgain() {
    cluster.quorum.failNext(Fault.LOST_ANSWER);
    assertThatThrownBy(() -> cluster.done(create(cluster.controller, "t")))
        .hasCauseInstanceOf(TimeoutException.class);
    cluster.pass(200);
    assertThat(cluster.create(topic("t", 1, 1)).errorCode())
        .isEqualTo(Errors.TOPIC_ALREADY_EXISTS.code());
  }

  @Test
  void whenTheEntryIsLostItsDecisionsAreForgotten() {
    cluster.quorum.failNext(Fault.LOST_ENTRY);
    assertThatThrownBy(() -> cluster.done(create(cluster.controller, "t")))
        .hasCauseInstanceOf(TimeoutException.class);
    cluster.pass(200);
    assertThat(cluster.create(topic("t", 1, 1)).errorCode()).isZero();
  }

  @Test
  void aRefusedEntryIsReportedAsNotController() {
    cluster.quorum.failNext(Fault.REFUSED);
    assertThatThrownBy(() -> cluster.done(create(cluster.controller, "t")))
        .hasCauseInstanceOf(NotControllerException.class);
    cluster.pass(200);
    assertThat(cluster.create(topic("t", 1, 1)).errorCode()).isZero();
  }

  @Test
  void anotherVoterTakesOverAndTheFirstRefuses() {
    ModelLog log = new ModelLog(3);
    ModelQuorum first = ModelQuorum.open(1, log, cluster.tasks::add);
    ModelQuorum second = ModelQuorum.open(2, log, cluster.tasks::add);
    QuorumController one = cluster.newController(first);
    QuorumController two = cluster.newController(second);
    assertThatThrownBy(() -> cluster.done(create(one, "t")))
        .hasCauseInstanceOf(NotControllerException.class);
    log.elect(1);
    cluster.run();
    assertThat(one.isActive()).isTrue();
    assertThat(two.isActive()).isFalse();
    String clusterId = first.image().clusterId();
    cluster.done(
        one.registerNode(
            ControlledCluster.registration(1, ControlledCluster.incarnation(1), clusterId, -1)));
    cluster.done(
        one.heartbeat(
            new BrokerHeartbeatRequestData()
                .setBrokerId(1)
                .setBrokerEpoch(first.image().version())
                .setCurrentMetadataOffset(first.image().version())));

    first.hold();
    CompletableFuture<CreateTopicsResponseData> pending = create(one, "t");
    cluster.run();
    log.elect(2);
    cluster.run();
    first.release();
    assertThatThrownBy(() -> cluster.done(pending))
        .hasCauseInstanceOf(NotControllerException.class);
    assertThat(two.isActive()).isTrue();
    assertThat(second.image().clusterId()).isEqualTo(clusterId);
    assertThat(second.image().topics().size()).isZero();
    assertThatThrownBy(() -> cluster.done(one.describeQuorum(new DescribeQuorumRequestData())))
        .hasCauseInstanceOf(NotControllerException.class);
  }

  @Test
  void tooManyWaitingCallsAreRefused() {
    ControlledCluster small =
        new ControlledCluster(
            1,
            new ControllerSettings(
                1, (short) -1, 1, false, 9_000, LeaderBalanceSettings.DEFAULTS, 100, 100, 10));
    small.quorum.hold();
    for (int i = 0; i < 11; i++) {
      create(small.controller, "t" + i);
      small.run();
    }
    assertThatThrownBy(() -> small.done(create(small.controller, "late")))
        .hasCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void theQuorumIsDescribedInKafkasWords() {
    DescribeQuorumRequestData request = new DescribeQuorumRequestData();
    request
        .topics()
        .add(
            new DescribeQuorumRequestData.TopicData()
                .setTopicName("__cluster_metadata")
                .setPartitions(
                    List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0))));
    var response = cluster.done(cluster.controller.describeQuorum(request));
    var partition = response.topics().getFirst().partitions().getFirst();
    assertThat(partition.leaderId()).isEqualTo(1);
    assertThat(partition.highWatermark()).isEqualTo(cluster.image().version() + 1);
    assertThat(partition.currentVoters()).hasSize(1);
    assertThat(response.nodes().find(1).listeners().find("PLAINTEXT").port()).isEqualTo(9093);
  }

  /** Random calls with random faults: the log folds to one image, from wherever one starts. */
  @Test
  void replayingAllEventsOrASnapshotAndItsTailGivesTheSameImage() {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    ControlledCluster three = new ControlledCluster(3);
    List<Runnable> followed = new ArrayList<>();
    ImageFollower follower = new ImageFollower(three.quorum::updatesAfter, followed::add);
    follower.start();
    ClusterImage snapshot = ClusterImage.EMPTY;
    for (int i = 0; i < 300; i++) {
      if (random.nextInt(10) == 0) {
        Fault[] faults = Fault.values();
        three.quorum.failNext(faults[random.nextInt(faults.length)]);
      }
      randomCall(three, random);
      three.pass(200);
      if (i == 150) {
        snapshot = three.image();
      }
      List<Runnable> due = List.copyOf(followed);
      followed.clear();
      due.forEach(Runnable::run);
    }
    while (!followed.isEmpty() && follower.image().version() < three.image().version()) {
      followed.removeFirst().run();
    }
    ClusterImage image = three.image();
    assertThat(follower.image()).as("seed %d", seed).isEqualTo(image);
    assertThat(folded(ClusterImage.EMPTY, three)).as("seed %d", seed).isEqualTo(image);
    assertThat(folded(snapshot, three)).as("seed %d", seed).isEqualTo(image);
    three.quorum.crash();
    three.log.compact();
    ModelQuorum again = ModelQuorum.open(1, three.log, three.tasks::add);
    assertThat(again.image()).as("seed %d", seed).isEqualTo(image);
  }

  private static ClusterImage folded(ClusterImage base, ControlledCluster cluster) {
    Updates updates = cluster.quorum.updatesAfter(base.version()).join();
    ImageFold fold = new ImageFold(base);
    long version = base.version();
    for (Updates.Entry entry : ((Updates.Entries) updates).entries()) {
      fold.applyAll(entry.events(), entry.index());
      version = entry.index();
    }
    return fold.image(version);
  }

  private static void randomCall(ControlledCluster cluster, Random random) {
    int node = 1 + random.nextInt(3);
    String name = "t" + random.nextInt(5);
    CreateTopicsRequestData create = new CreateTopicsRequestData();
    create.topics().add(topic(name, 1 + random.nextInt(3), 1 + random.nextInt(3)));
    switch (random.nextInt(4)) {
      case 0 -> cluster.controller.createTopics(create);
      case 1 ->
          cluster.controller.deleteTopics(
              new org.apache.kafka.common.message.DeleteTopicsRequestData()
                  .setTopicNames(List.of(name)));
      case 2 ->
          cluster.controller.heartbeat(
              cluster.heartbeatOf(node).setWantFence(random.nextBoolean()));
      default ->
          cluster.controller.registerNode(
              ControlledCluster.registration(
                  node,
                  new org.apache.kafka.common.Uuid(random.nextLong(), 1),
                  cluster.image().clusterId(),
                  random.nextBoolean() ? cluster.epoch(node) : -1));
    }
    cluster.run();
  }
}
