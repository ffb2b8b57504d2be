package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.scenario.Scenario;
import java.util.List;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces by which others have lost records when leaders changed, on whole nodes. */
class ReplicationScenariosTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-01")
  void aFollowerThatRestartsWithAnOldHighWatermarkAndLeadsAtOnceLosesNothing(long seed) {
    Stage stage = Stage.ofThree(seed);
    stage.produce(5);
    stage.cluster().machine(2).kill();
    stage.cluster().start(2);
    stage.cluster().awaitServing(2);
    stage.cluster().machine(1).kill();
    stage.awaitLeaderOtherThan(1);
    stage.produce(2);
    stage.curtain();
  }

  /** What a follower knows to be committed is less than what is; so it never cuts its log there. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-01")
  void whatWasAcknowledgedOutlivesTwoLeadersInARow(long seed) {
    Stage stage = Stage.of(seed, 5);
    stage.createTopic(1, 2, 3);
    stage.cluster().network().delays(100, 20_000);
    stage.produce(4);
    stage.cluster().machine(1).kill();
    int next = stage.awaitLeaderOtherThan(1);
    stage.cluster().machine(next).kill();
    stage.awaitLeaderOtherThan(next);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-02")
  void replicasThatLostDifferentTailsEndWithOneLog(long seed) {
    Stage stage = Stage.ofThree(seed, "log.flush.interval.messages", "1");
    stage.produce(4);
    List.of(1, 2, 3).forEach(id -> stage.cluster().machine(id).crash());
    stage.cluster().start((int) (1 + seed % 3));
    stage.runFor(500);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-03")
  void tailsOfSeveralShortLeadershipsAreCutToTheCommonEpoch(long seed) {
    Stage stage = Stage.ofThree(seed);
    stage.produce(2);
    for (int change = 0; change < 3; change++) {
      int leader = stage.leader();
      stage.cluster().isolate(leader);
      // Nobody else will ever hear of these.
      for (int i = 0; i <= change; i++) {
        stage.produceOnce(leader, 1);
      }
      stage.awaitLeaderOtherThan(leader);
      stage.produceOnce(stage.leader(), 1);
      stage.cluster().network().heal();
      stage.runFor(200);
    }
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario({"S-04", "S-60"})
  void aLeaderThatIsCutOffAcknowledgesNothingAndLosesNothing(long seed) {
    Stage stage = Stage.ofThree(seed);
    stage.produce(2);
    stage.cluster().isolate(1);
    assertThat(stage.produceOnce(1, -1)).isNotEqualTo(Errors.NONE);
    stage.awaitLeaderOtherThan(1);
    assertThat(stage.isLeading(1)).isTrue();
    assertThat(stage.produceOnce(1, -1)).isNotEqualTo(Errors.NONE);
    stage.produce(2);
    stage.cluster().network().heal();
    stage.await("the old leader's insight", () -> !stage.isLeading(1));
    assertThat(stage.produceOnce(1, -1)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-18")
  void aRetryAtALeaderThatIsCutOffIsNotAcknowledged(long seed) {
    Stage stage = Stage.ofThree(seed);
    IdempotentProducer producer = stage.producer();
    stage.produce(producer, 2);
    stage.cluster().isolate(1);
    boolean[] isDone = {false};
    stage.begin(() -> {
      producer.produce();
      isDone[0] = true;
    });
    stage.await("an acknowledgement", () -> isDone[0]);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-07")
  void aFollowerThatJoinsUnderLoadHasEverything(long seed) {
    Stage stage = Stage.of(seed, 3);
    stage.createTopic(1, 3, 2);
    stage.cluster().network().delays(100, 20_000);
    boolean[] isOver = {false};
    for (int i = 0; i < 4; i++) {
      IdempotentProducer producer = stage.producer(100);
      stage.begin(() -> {
        while (!isOver[0]) {
          producer.produce();
        }
      });
    }
    stage.cluster().machine(3).kill();
    stage.await("its leaving", () -> stage.isIsr(1, 2));
    stage.cluster().start(3);
    stage.awaitInSync(3);
    stage.cluster().machine(1).kill();
    stage.awaitLeaderOtherThan(1);
    isOver[0] = true;
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario("S-71")
  void aLeaderThatWasStoppedAcknowledgesNothingWhenItGoesOn(long seed) {
    Stage stage = Stage.ofThree(seed);
    stage.produce(2);
    stage.cluster().machine(1).pause();
    stage.awaitLeaderOtherThan(1);
    stage.produce(3);
    stage.cluster().machine(1).resume();
    assertThat(stage.produceOnce(1, -1)).isNotEqualTo(Errors.NONE);
    stage.curtain();
  }

  @Test
  @Scenario("S-05")
  void aClientLearnsWhereAnEarlierLeadersEpochEnds() {
    Stage stage = Stage.ofThree(1);
    stage.produce(3);
    long end = stage.replica(1).orElseThrow().view().logEndOffset();
    int epoch = stage.replica(1).orElseThrow().view().leaderEpoch();
    stage.cluster().isolate(1);
    stage.produceOnce(1, 1);
    int next = stage.awaitLeaderOtherThan(1);
    stage.produce(1);

    assertThat(endOfEpoch(stage, next, epoch)).isEqualTo(end);
    stage.curtain();
  }

  private static long endOfEpoch(Stage stage, int node, int epoch) {
    OffsetForLeaderEpochRequestData request =
        new OffsetForLeaderEpochRequestData().setReplicaId(-1);
    OffsetForLeaderEpochRequestData.OffsetForLeaderTopic topic =
        new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic().setTopic(Stage.TOPIC);
    topic
        .partitions()
        .add(
            new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()
                .setPartition(0)
                .setCurrentLeaderEpoch(-1)
                .setLeaderEpoch(epoch));
    request.topics().add(topic);
    ClusterClient client = stage.client("epochs");
    Outcome.Answered answered =
        (Outcome.Answered)
            stage.run(
                () -> client.ask(stage.address(node), ApiKeys.OFFSET_FOR_LEADER_EPOCH, request));
    return ((OffsetForLeaderEpochResponseData) answered.body())
        .topics()
        .iterator()
        .next()
        .partitions()
        .getFirst()
        .endOffset();
  }

  @Test
  @Scenario("S-06")
  void nothingIsCommittedOnTheStrengthOfARemovalTheQuorumHasNotConfirmed() {
    Stage stage = Stage.ofThree(1);
    stage.produce(2);
    long committed = stage.replica(1).orElseThrow().view().highWatermark();
    // Two of three are gone: the leader would drop them, and nobody can confirm it.
    stage.cluster().machine(2).pause();
    stage.cluster().machine(3).pause();
    stage.produceOnce(1, 1);
    stage.runFor(20_000);
    assertThat(stage.replica(1).orElseThrow().view().highWatermark()).isEqualTo(committed);
    stage.curtain();
  }

  @Test
  @Scenario({"S-07", "S-08"})
  void changesOfTheIsrInOldEpochsOrWithFencedNodesAreRefused() {
    Stage stage = Stage.ofThree(1);
    var before = stage.image().orElseThrow();
    assertThat(alterIsr(stage, before.partitionEpoch() - 1, List.of(1, 2)))
        .isEqualTo(Errors.INVALID_UPDATE_VERSION);
    stage.cluster().machine(3).kill();
    stage.await("the end of node 3", () -> stage.isIsr(1, 2));
    assertThat(alterIsr(stage, stage.image().orElseThrow().partitionEpoch(), List.of(1, 2, 3)))
        .isEqualTo(Errors.INELIGIBLE_REPLICA);
    stage.curtain();
  }

  /** Asks as the leader would, in its present epoch. */
  private static Errors alterIsr(Stage stage, int partitionEpoch, List<Integer> isr) {
    var image = stage.cluster().image();
    var topic = image.topics().byName(Stage.TOPIC).orElseThrow();
    AlterPartitionRequestData.PartitionData partition =
        new AlterPartitionRequestData.PartitionData()
            .setPartitionIndex(0)
            .setLeaderEpoch(topic.partition(0).orElseThrow().leaderEpoch())
            .setPartitionEpoch(partitionEpoch);
    for (int member : isr) {
      partition
          .newIsrWithEpochs()
          .add(
              new AlterPartitionRequestData.BrokerState()
                  .setBrokerId(member)
                  .setBrokerEpoch(image.nodes().get(member).orElseThrow().epoch()));
    }
    AlterPartitionRequestData request =
        new AlterPartitionRequestData()
            .setBrokerId(1)
            .setBrokerEpoch(image.nodes().get(1).orElseThrow().epoch())
            .setTopics(
                List.of(
                    new AlterPartitionRequestData.TopicData()
                        .setTopicId(topic.id())
                        .setPartitions(List.of(partition))));
    ClusterClient client = stage.client("leader");
    Outcome.Answered answered =
        (Outcome.Answered)
            stage.run(() ->
                client.ask(
                    stage.cluster().controllerAddress(stage.cluster().raft().leaderId()),
                    ApiKeys.ALTER_PARTITION,
                    request));
    AlterPartitionResponseData body = (AlterPartitionResponseData) answered.body();
    return body.errorCode() != 0
        ? Errors.forCode(body.errorCode())
        : Errors.forCode(body.topics().getFirst().partitions().getFirst().errorCode());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-16")
  void theLastReplicaStandingMayLoseItsPageCache(long seed) {
    Stage stage = Stage.of(seed, 5);
    stage.createTopic(1, 2, 3);
    stage.produce(3);
    stage.cluster().machine(2).kill();
    stage.cluster().machine(3).kill();
    stage.await("the last replica", () -> stage.isIsr(1));
    stage.produceOnce(1, 1);
    stage.cluster().machine(1).crash();
    stage.runFor(5_000);
    stage.cluster().start(1);
    stage.runFor(3_000);
    stage.cluster().start(2);
    stage.curtain();
  }

  @Test
  @Scenario("S-17")
  void belowTheLeastIsrOnlyWhoAsksForLessIsServedAndNothingIsCommitted() {
    Stage stage = Stage.of(1, 5);
    stage.createTopic(1, 2, 3);
    stage.produce(2);
    long committed = stage.replica(1).orElseThrow().view().highWatermark();
    stage.cluster().machine(2).kill();
    stage.cluster().machine(3).kill();
    stage.await(
        "the leader's insight",
        () -> stage.replica(1).orElseThrow().view().isr().equals(List.of(1)));
    assertThat(stage.produceOnce(1, -1)).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    assertThat(stage.produceOnce(1, 1)).isEqualTo(Errors.NONE);
    stage.runFor(5_000);
    assertThat(stage.replica(1).orElseThrow().view().highWatermark()).isEqualTo(committed);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(strings = {"leader-epoch-checkpoint", "replication-offset-checkpoint", ".snapshot"})
  @Scenario({"S-28", "S-29", "S-30", "S-31"})
  void whatAReplicaKnewBesideItsLogMayBeLostOrDamaged(String lost) {
    for (boolean isDamaged : new boolean[] {false, true}) {
      Stage stage = Stage.ofThree(isDamaged ? 2 : 1);
      IdempotentProducer producer = stage.producer();
      stage.produce(producer, 5);
      stage.cluster().machine(2).kill();
      stage.cluster().machine(2).spoil(lost, isDamaged);
      stage.cluster().start(2);
      stage.awaitInSync(2);
      stage.cluster().machine(1).kill();
      stage.awaitLeaderOtherThan(1);
      stage.produce(producer, 3);
      stage.curtain();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario("S-61")
  void clientsThatCannotReachTheLeaderGoOnOnceTheyCan(long seed) {
    Stage stage = Stage.ofThree(seed);
    IdempotentProducer producer = stage.producer();
    stage.produce(producer, 2);
    boolean[] isDone = {false};
    stage.cluster().network().cutOneWay("node-1", "clients");
    stage.begin(() -> {
      producer.produce();
      isDone[0] = true;
    });
    stage.runFor(12_000);
    assertThat(isDone[0]).isFalse();
    stage.cluster().network().heal();
    stage.await("the acknowledgement", () -> isDone[0]);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario("S-62")
  void inARingOfMajoritiesOneLogSurvives(long seed) {
    Stage stage = Stage.of(seed, 5);
    stage.createTopic(1, 2, 3);
    stage.produce(2);
    for (int id = 1; id <= 5; id++) {
      // Everybody hears its two neighbours only.
      stage.cluster().network().cut("node-" + id, "node-" + ((id + 1) % 5 + 1));
    }
    stage.produceOnce(1, -1);
    stage.runFor(15_000);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-95")
  void aDiskBroughtBackFromABackupIsNotTrusted(long seed) {
    Stage stage = Stage.ofThree(seed);
    stage.produce(2);
    SimulatedDisk backup = stage.cluster().machine(2).disk().copy();
    stage.produce(5);
    stage.cluster().machine(2).comeBackWith(backup);
    stage.cluster().start(2);
    stage.cluster().awaitServing(2);
    stage.cluster().machine(1).kill();
    stage.awaitLeaderOtherThan(1);
    stage.produce(2);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-41")
  void aReplicaWithAnEmptyDiskIsNotTrusted(long seed) {
    Stage stage = Stage.ofThree(seed);
    stage.produce(5);
    stage.cluster().machine(2).wipe();
    stage.cluster().start(2);
    stage.cluster().awaitServing(2);
    stage.cluster().machine(1).kill();
    stage.awaitLeaderOtherThan(1);
    stage.produce(2);
    stage.curtain();
  }
}
