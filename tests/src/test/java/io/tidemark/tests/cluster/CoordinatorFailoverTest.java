package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.scenario.Scenario;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group whose coordinator goes away, again and again. */
class CoordinatorFailoverTest {
  private static final String GROUP = "failing-over";

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Scenario("S-71")
  void committedOffsetsSurviveTheirCoordinator(long seed) {
    Stage stage = Stage.ofThree(seed);
    GroupMember member = new GroupMember(stage.client("m"), GROUP, Stage.TOPIC, 1, stage.history());
    boolean[] isOver = {false};
    boolean[] hasEnded = {false};
    stage.begin(() -> {
      while (!isOver[0]) {
        member.work();
      }
      hasEnded[0] = true;
    });
    for (int round = 0; round < 3; round++) {
      awaitMore(stage, 2);
      int coordinator = coordinator(stage);
      stage.cluster().isolate(coordinator);
      stage.runFor(300);
      stage.cluster().machine(coordinator).kill();
      stage.cluster().network().heal();
      stage.await(
          "another coordinator", () -> coordinator(stage) != coordinator && coordinator(stage) > 0);
      stage.cluster().start(coordinator);
      awaitMore(stage, 2);
      stage.await("a whole cluster", stage.cluster()::isWhole);
    }
    isOver[0] = true;
    stage.await("the member's end", () -> hasEnded[0]);
    assertThat(stage.history().anomalies()).isEmpty();
    stage.curtain();
  }

  private static void awaitMore(Stage stage, int commits) {
    long before = stage.history().committedOffset(GROUP, Stage.PARTITION);
    stage.await(
        "more commits",
        () -> stage.history().committedOffset(GROUP, Stage.PARTITION) >= before + commits);
  }

  private static int coordinator(Stage stage) {
    return stage
        .cluster()
        .image()
        .topics()
        .byName("__consumer_offsets")
        .flatMap(topic -> topic.partition(0))
        .map(PartitionImage::leader)
        .orElse(PartitionImage.NO_LEADER);
  }
}
