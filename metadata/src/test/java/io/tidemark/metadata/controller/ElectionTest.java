package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.scenario.Scenario;
import java.util.List;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Elections that somebody asks for, and those that give leaderships back. */
class ElectionTest {
  private static final LeaderBalanceSettings EVERY_5_S = new LeaderBalanceSettings(true, 5_000, 0);

  private static ControllerSettings settings(LeaderBalanceSettings balance) {
    return new ControllerSettings(1, (short) -1, 1, false, 9_000, balance, 100, 100, 100);
  }

  private final ControlledCluster cluster =
      new ControlledCluster(3, settings(new LeaderBalanceSettings(false, 5_000, 0)));

  @Test
  void thePreferredLeaderTakesOverOnceItIsInSync() {
    TopicIdPartition id = cluster.createOn("t", List.of(1, 2, 3));
    assertThat(cluster.elect(id, ElectionType.PREFERRED)).isEqualTo(Errors.ELECTION_NOT_NEEDED);
    cluster.fence(1);
    assertThat(cluster.elect(id, ElectionType.PREFERRED))
        .isEqualTo(Errors.PREFERRED_LEADER_NOT_AVAILABLE);
    cluster.heartbeat(1);
    assertThat(cluster.elect(id, ElectionType.PREFERRED))
        .isEqualTo(Errors.PREFERRED_LEADER_NOT_AVAILABLE);
    cluster.isr(id, 2, 3, 1);
    assertThat(cluster.elect(id, ElectionType.PREFERRED)).isEqualTo(Errors.NONE);
    PartitionImage now = cluster.partition(id);
    assertThat(now.leader()).isEqualTo(1);
    assertThat(now.leaderEpoch()).isEqualTo(2);
    assertThat(now.isr()).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(now.recovery()).isEqualTo(LeaderRecovery.RECOVERED);
  }

  @Test
  @Scenario("S-19")
  void anUncleanElectionTakesWhoeverIsThereAndOnlyWhereNobodyLeads() {
    TopicIdPartition id = cluster.createOn("t", List.of(1, 2));
    assertThat(cluster.elect(id, ElectionType.UNCLEAN)).isEqualTo(Errors.ELECTION_NOT_NEEDED);
    cluster.fence(2);
    cluster.fence(1);
    assertThat(cluster.elect(id, ElectionType.UNCLEAN))
        .isEqualTo(Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE);
    cluster.heartbeat(2);
    assertThat(cluster.partition(id).hasLeader()).isFalse();
    assertThat(cluster.elect(id, ElectionType.UNCLEAN)).isEqualTo(Errors.NONE);
    PartitionImage now = cluster.partition(id);
    assertThat(now.leader()).isEqualTo(2);
    assertThat(now.isr()).containsExactly(2);
    assertThat(now.recovery()).isEqualTo(LeaderRecovery.RECOVERING);
  }

  @Test
  void anElectionEverywhereNamesOnlyWhatWasNotAsItShouldBe() {
    TopicIdPartition moved = cluster.createOn("moved", List.of(1, 2));
    cluster.createOn("settled", List.of(3, 2));
    cluster.fence(1);
    cluster.heartbeat(1);
    cluster.isr(moved, 2, 1);
    ElectLeadersResponseData answer =
        cluster.done(
            cluster.controller.electLeaders(
                new ElectLeadersRequestData().setTopicPartitions(null)));
    assertThat(answer.replicaElectionResults())
        .filteredOn(result -> !result.partitionResult().isEmpty())
        .singleElement()
        .satisfies(result -> assertThat(result.topic()).isEqualTo("moved"));
    assertThat(cluster.partition(moved).leader()).isEqualTo(1);
  }

  @Test
  void whatIsUnknownIsRefused() {
    TopicIdPartition id = cluster.createOn("t", List.of(1));
    assertThat(cluster.elect(new TopicIdPartition(id.topicId(), 3, "t"), ElectionType.PREFERRED))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(cluster.elect(new TopicIdPartition(id.topicId(), 0, "u"), ElectionType.PREFERRED))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThatThrownBy(() ->
            cluster.done(
                cluster.controller.electLeaders(
                    new ElectLeadersRequestData().setElectionType((byte) 7))))
        .hasCauseInstanceOf(InvalidRequestException.class);
  }

  private static void passWithHeartbeats(ControlledCluster cluster, long ms) {
    for (long passed = 0; passed < ms; passed += 1_000) {
      cluster.pass(1_000);
      for (int node = 1; node <= 3; node++) {
        cluster.heartbeat(node);
      }
    }
  }

  private static void comeAndGo(ControlledCluster cluster, TopicIdPartition id) {
    cluster.fence(1);
    cluster.heartbeat(1);
    cluster.isr(id, 2, 3, 1);
  }

  @Test
  @Scenario("S-20")
  void leadershipsGoBackByThemselvesOnceAnInterval() {
    ControlledCluster balanced = new ControlledCluster(3, settings(EVERY_5_S));
    TopicIdPartition id = balanced.createOn("t", List.of(1, 2, 3));
    comeAndGo(balanced, id);
    assertThat(balanced.partition(id).leader()).isEqualTo(2);
    passWithHeartbeats(balanced, 6_000);
    assertThat(balanced.partition(id).leader()).isEqualTo(1);
  }

  @Test
  @Scenario("S-20")
  void aNodeThatComesAndGoesMovesALeadershipNoOftenerThanTheInterval() {
    ControlledCluster balanced = new ControlledCluster(3, settings(EVERY_5_S));
    TopicIdPartition id = balanced.createOn("t", List.of(1, 2, 3));
    for (int i = 0; i < 15; i++) {
      if (balanced.partition(id).leader() == 1) {
        comeAndGo(balanced, id);
      }
      passWithHeartbeats(balanced, 1_000);
    }
    // Away each time it led, and back once in each of three intervals.
    assertThat(balanced.partition(id).leaderEpoch()).isLessThanOrEqualTo(7);
    assertThat(balanced.partition(id).leaderEpoch()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void aBalanceThatIsSwitchedOffOrWithinThePercentageMovesNothing() {
    TopicIdPartition id = cluster.createOn("t", List.of(1, 2, 3));
    comeAndGo(cluster, id);
    passWithHeartbeats(cluster, 11_000);
    assertThat(cluster.partition(id).leader()).isEqualTo(2);

    ControlledCluster tolerant =
        new ControlledCluster(3, settings(new LeaderBalanceSettings(true, 5_000, 50)));
    TopicIdPartition first = tolerant.createOn("a", List.of(1, 2, 3));
    TopicIdPartition second = tolerant.createOn("b", List.of(1, 2, 3));
    comeAndGo(tolerant, first);
    tolerant.isr(second, 2, 3, 1);
    tolerant.elect(second, ElectionType.PREFERRED);
    passWithHeartbeats(tolerant, 6_000);
    assertThat(tolerant.partition(first).leader()).isEqualTo(2);
  }
}
