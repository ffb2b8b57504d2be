package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the machines of a cluster do to it: disks that fill up, power that fails, clocks that jump.
 */
class MachineScenariosTest {
  private static final Path FOLDER = Path.of("/data", Stage.TOPIC + "-0");

  private static void delete(Stage stage) {
    DeleteTopicsRequestData request =
        new DeleteTopicsRequestData()
            .setTimeoutMs(10_000)
            .setTopics(
                List.of(new DeleteTopicsRequestData.DeleteTopicState().setName(Stage.TOPIC)));
    ClusterClient client = stage.client("admin");
    DeleteTopicsResponseData answer =
        (DeleteTopicsResponseData)
            stage.run(() -> client.askAnybody(ApiKeys.DELETE_TOPICS, request));
    assertThat(Errors.forCode(answer.responses().iterator().next().errorCode()))
        .isEqualTo(Errors.NONE);
    stage.await("its end", () -> stage.image().isEmpty());
  }

  private static Uuid topicId(Stage stage) {
    return stage.cluster().image().topics().byName(Stage.TOPIC).orElseThrow().id();
  }

  private static Errors fetched(Stage stage, int node, Uuid topicId) {
    FetchRequestData request = new FetchRequestData().setMaxWaitMs(10).setMaxBytes(10_000);
    FetchRequestData.FetchTopic topic = new FetchRequestData.FetchTopic().setTopicId(topicId);
    topic
        .partitions()
        .add(new FetchRequestData.FetchPartition().setPartition(0).setPartitionMaxBytes(10_000));
    request.topics().add(topic);
    ClusterClient client = stage.client("reader");
    FetchResponseData answer =
        (FetchResponseData)
            ((Outcome.Answered)
                    stage.run(() -> client.ask(stage.address(node), ApiKeys.FETCH, request)))
                .body();
    return Errors.forCode(answer.responses().getFirst().partitions().getFirst().errorCode());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-39")
  void aTopicThatIsMadeAgainUnderItsNameIsAnotherOne(long seed) {
    Stage stage = Stage.ofThree(seed);
    Uuid before = topicId(stage);
    delete(stage);
    stage.createTopic(2, 3, 1);

    assertThat(topicId(stage)).isNotEqualTo(before);
    for (int node = 1; node <= 3; node++) {
      assertThat(fetched(stage, node, before)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }
    stage.produce(3);
    assertThat(fetched(stage, stage.leader(), topicId(stage))).isEqualTo(Errors.NONE);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario({"S-39", "S-40"})
  void aNodeThatWasAwayWhenATopicWasDeletedDeletesItsReplicaWhenItIsBack(long seed) {
    Stage stage = Stage.ofThree(seed);
    while (stage.produceOnce(1, 1) != Errors.NONE) {
      stage.runFor(100);
    }
    stage.await("its copies", () -> hasFolder(stage, 3));
    stage.cluster().machine(3).kill();
    delete(stage);
    stage.createTopic(1, 2);
    stage.produce(3);
    stage.cluster().start(3);
    stage.cluster().awaitServing(3);

    stage.await("the end of the old replica", () -> !hasFolder(stage, 3));
    assertThat(stage.replica(3)).isEmpty();
    stage.curtain();
  }

  private static boolean hasFolder(Stage stage, int node) {
    return stage.cluster().machine(node).disk().exists(FOLDER);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-80")
  void aFollowerWhoseDiskIsFullLeavesTheInSyncReplicasAndComesBack(long seed) {
    Stage stage = Stage.ofThree(seed);
    stage.produce(2);
    stage.cluster().machine(3).disk().full();
    stage.produce(3);
    stage.await("its leaving", () -> stage.isIsr(1, 2));
    stage.produce(3);
    stage.cluster().machine(3).disk().freed();
    stage.awaitInSync(3);
    stage.cluster().machine(1).kill();
    stage.awaitLeaderOtherThan(1);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-198")
  void whatWasForcedBeforeItWasAcknowledgedSurvivesTheLossOfAllPower(long seed) {
    Stage stage = Stage.ofThree(seed, "log.flush.interval.messages", "1");
    IdempotentProducer producer = stage.producer();
    for (int round = 0; round < 3; round++) {
      stage.produce(producer, 3);
      List.of(1, 2, 3).forEach(id -> stage.cluster().machine(id).crash());
      List.of(3, 1, 2).forEach(id -> stage.cluster().start(id));
      stage.awaitLeaderOtherThan(0);
    }
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Scenario("S-198")
  void whatWasNotForcedMayGoWithThePowerButTheReplicasAgreeOnWhatIsLeft(long seed) {
    Stage stage = Stage.ofThree(seed);
    for (int i = 0; i < 10; i++) {
      // With acks=1, which promises nothing that the history would hold anybody to.
      stage.produceOnce(1, 1);
    }
    List.of(1, 2, 3).forEach(id -> stage.cluster().machine(id).crash());
    List.of(1, 2, 3).forEach(id -> stage.cluster().start(id));
    stage.awaitLeaderOtherThan(0);
    stage.curtain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario("S-200")
  void clocksThatStrobeAndJumpChangeTimestampsAlone(long seed) {
    Stage stage = Stage.ofThree(seed);
    IdempotentProducer producer = stage.producer();
    boolean[] isOver = {false};
    stage.begin(() -> {
      while (!isOver[0]) {
        producer.produce();
      }
    });
    int epoch = stage.image().orElseThrow().leaderEpoch();
    RandomGenerator random = stage.cluster().simulation().random();
    for (int i = 0; i < 600; i++) {
      long range = i % 100 == 99 ? 1_500_000 : 200;
      stage
          .cluster()
          .machines()
          .forEach(machine -> machine.clock().jumpTo(random.nextLong(-range, range + 1)));
      stage.runFor(10);
    }
    assertThat(stage.image().orElseThrow().leaderEpoch()).isEqualTo(epoch);
    assertThat(stage.isIsr(1, 2, 3)).isTrue();
    isOver[0] = true;
    stage.curtain();
  }

  @Test
  @Scenario("S-90")
  void aFolderThatSomebodyDeletedIsCopiedAgain() {
    Stage stage = Stage.ofThree(1);
    stage.produce(20);
    stage.cluster().machine(3).kill();
    stage.await("its leaving", () -> stage.isIsr(1, 2));
    deleteAll(stage.cluster().machine(3).disk());
    stage.cluster().start(3);
    stage.awaitInSync(3);
    stage.cluster().machine(1).kill();
    stage.awaitLeaderOtherThan(1);
    stage.curtain();
  }

  /** The whole folder: what is left of a log without its first segments is offline instead. */
  private static void deleteAll(SimulatedDisk disk) {
    try {
      for (Path file : disk.list(FOLDER)) {
        disk.delete(file);
      }
      disk.delete(FOLDER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
