package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.scenario.Scenario;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DuplicateBrokerRegistrationException;
import org.apache.kafka.common.errors.InconsistentClusterIdException;
import org.apache.kafka.common.errors.StaleBrokerEpochException;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Registration, fencing, elections and controlled shutdown. */
class NodesTest {
  private final ControlledCluster cluster = new ControlledCluster(3);

  private void heartbeats(long ms, int... ids) {
    for (long passed = 0; passed < ms; passed += 500) {
      cluster.pass(500);
      for (int id : ids) {
        cluster.heartbeat(id);
      }
    }
  }

  @Test
  void aNodesEpochIsTheIndexOfItsRegistrationAndItIsFencedUntilItCaughtUp() {
    long epoch = cluster.register(4, new Uuid(1, 4), -1);
    assertThat(epoch).isEqualTo(cluster.image().version());
    assertThat(cluster.node(4).fenced()).isTrue();
    BrokerHeartbeatResponseData behind =
        cluster.done(
            cluster.controller.heartbeat(
                cluster.heartbeatOf(4).setCurrentMetadataOffset(epoch - 1)));
    assertThat(behind.isCaughtUp()).isFalse();
    assertThat(behind.isFenced()).isTrue();
    BrokerHeartbeatResponseData caughtUp = cluster.heartbeat(4);
    assertThat(caughtUp.isCaughtUp()).isTrue();
    assertThat(caughtUp.isFenced()).isFalse();
    assertThat(cluster.node(4).isActive()).isTrue();
  }

  @Test
  void aGatewayLivesLikeAnyNodeAndGetsNoReplica() {
    BrokerRegistrationRequestData registration =
        ControlledCluster.registration(4, new Uuid(1, 4), cluster.image().clusterId(), -1);
    GatewayMark.put(registration);
    cluster.done(cluster.controller.registerNode(registration));
    cluster.heartbeat(4);

    TopicIdPartition wide = cluster.create("wide", 12, 3);

    assertThat(cluster.node(4).gateway()).isTrue();
    assertThat(cluster.node(4).isActive()).isTrue();
    for (int i = 0; i < 12; i++) {
      TopicIdPartition id = new TopicIdPartition(wide.topicId(), i, "wide");
      assertThat(cluster.partition(id).replicas()).doesNotContain(4);
    }
    assertThat(cluster.reassign(wide, 4, 1, 2)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
  }

  @Test
  void aHeartbeatThatChangesNothingWritesNothing() {
    long version = cluster.image().version();
    assertThat(cluster.heartbeat(1).isFenced()).isFalse();
    assertThat(cluster.image().version()).isEqualTo(version);
  }

  @Test
  void aSilentNodeIsFencedAfterTheSessionTimeoutAndLosesItsLeaderships() {
    TopicIdPartition id = cluster.create("t", 1, 3);
    int leader = cluster.partition(id).leader();
    int[] others = java.util.stream.IntStream.of(1, 2, 3).filter(n -> n != leader).toArray();
    heartbeats(8_000, others);
    assertThat(cluster.partition(id).leader()).isEqualTo(leader);
    heartbeats(2_500, others);
    PartitionImage after = cluster.partition(id);
    assertThat(cluster.node(leader).fenced()).isTrue();
    assertThat(after.leader()).isIn(others[0], others[1]);
    assertThat(after.leaderEpoch()).isEqualTo(1);
    assertThat(after.isr()).doesNotContain(leader).hasSize(2);
    assertThat(after.elr()).isEmpty();
    cluster.heartbeat(leader);
    assertThat(cluster.node(leader).fenced()).isFalse();
    assertThat(cluster.partition(id)).isEqualTo(after);
  }

  @Test
  void theLastInSyncReplicaStaysEligibleAndLeadsAgainWhenItReturns() {
    TopicIdPartition id = cluster.create("t", 1, 1);
    int leader = cluster.partition(id).leader();
    cluster.fence(leader);
    PartitionImage without = cluster.partition(id);
    assertThat(without.leader()).isEqualTo(PartitionImage.NO_LEADER);
    assertThat(without.isr()).isEmpty();
    assertThat(without.elr()).containsExactly(leader);
    assertThat(without.lastKnownLeader()).isEqualTo(leader);
    cluster.heartbeat(leader);
    PartitionImage again = cluster.partition(id);
    assertThat(again.leader()).isEqualTo(leader);
    assertThat(again.isr()).containsExactly(leader);
    assertThat(again.elr()).isEmpty();
    assertThat(again.leaderEpoch()).isEqualTo(2);
    assertThat(again.partitionEpoch()).isEqualTo(2);
    assertThat(again.recovery()).isEqualTo(LeaderRecovery.RECOVERED);
  }

  @Test
  void anUncleanStopLeavesTheElrAndTheLastKnownLeaderIsElectedOnlyWhenNothingElseIsLeft() {
    TopicIdPartition id = cluster.create("t", 1, 2, "min.insync.replicas", "2");
    PartitionImage start = cluster.partition(id);
    int leader = start.leader();
    int follower = start.replicas().get(1);
    cluster.fence(follower);
    assertThat(cluster.partition(id).elr()).containsExactly(follower);
    cluster.fence(leader);
    assertThat(cluster.partition(id).elr()).containsExactlyInAnyOrder(leader, follower);
    // Both stopped uncleanly: neither is eligible any more.
    cluster.register(follower, new Uuid(9, follower), -1);
    cluster.register(leader, new Uuid(9, leader), -1);
    assertThat(cluster.partition(id).elr()).isEmpty();
    assertThat(cluster.partition(id).isr()).isEmpty();
    cluster.heartbeat(follower);
    assertThat(cluster.partition(id).hasLeader()).isFalse();
    cluster.heartbeat(leader);
    PartitionImage after = cluster.partition(id);
    assertThat(after.leader()).isEqualTo(leader);
    assertThat(after.isr()).containsExactly(leader);
    assertThat(after.recovery()).isEqualTo(LeaderRecovery.RECOVERING);
  }

  @Test
  void uncleanElectionsHappenWhereTheyAreAllowed() {
    TopicIdPartition id = cluster.create("t", 1, 2, "unclean.leader.election.enable", "true");
    PartitionImage start = cluster.partition(id);
    int follower = start.replicas().get(1);
    cluster.fence(follower);
    cluster.fence(start.leader());
    cluster.heartbeat(follower);
    PartitionImage after = cluster.partition(id);
    assertThat(after.leader()).isEqualTo(follower);
    assertThat(after.isr()).containsExactly(follower);
    assertThat(after.elr()).isEmpty();
    assertThat(after.recovery()).isEqualTo(LeaderRecovery.RECOVERING);
  }

  @Test
  void aCleanRestartKeepsTheReplicaEligible() {
    TopicIdPartition id = cluster.create("t", 1, 1);
    int leader = cluster.partition(id).leader();
    long before = cluster.epoch(leader);
    long epoch = cluster.register(leader, new Uuid(9, 9), before);
    assertThat(epoch).isGreaterThan(before);
    assertThat(cluster.partition(id).hasLeader()).isFalse();
    assertThat(cluster.partition(id).elr()).containsExactly(leader);
    cluster.heartbeat(leader);
    assertThat(cluster.partition(id).leader()).isEqualTo(leader);
    assertThat(cluster.partition(id).leaderEpoch()).isEqualTo(2);
  }

  @Test
  @Scenario("S-42")
  void anotherIncarnationIsRefusedWhileTheFirstIsHeard() {
    cluster.heartbeat(1);
    assertThatThrownBy(() -> cluster.register(1, new Uuid(9, 9), -1))
        .hasCauseInstanceOf(DuplicateBrokerRegistrationException.class);
    cluster.pass(10_000);
    assertThat(cluster.register(1, new Uuid(9, 9), -1)).isEqualTo(cluster.image().version());
  }

  @Test
  void aRepeatedRegistrationGivesTheSameEpoch() {
    long epoch = cluster.epoch(1);
    assertThat(cluster.register(1, ControlledCluster.incarnation(1), -1)).isEqualTo(epoch);
    assertThat(cluster.node(1).fenced()).isFalse();
  }

  @Test
  @Scenario("S-43")
  void nodesOfAnotherClusterAreRefused() {
    assertThatThrownBy(() ->
            cluster.done(
                cluster.controller.registerNode(
                    ControlledCluster.registration(1, new Uuid(1, 1), "other", -1))))
        .hasCauseInstanceOf(InconsistentClusterIdException.class);
  }

  @Test
  void whatAnOldIncarnationSendsIsRefused() {
    long old = cluster.epoch(1);
    cluster.register(1, new Uuid(9, 9), old);
    assertThatThrownBy(() ->
            cluster.done(cluster.controller.heartbeat(cluster.heartbeatOf(1).setBrokerEpoch(old))))
        .hasCauseInstanceOf(StaleBrokerEpochException.class);
    assertThat(allocate(1, old).errorCode()).isEqualTo(Errors.STALE_BROKER_EPOCH.code());
  }

  @Test
  void aNodeThatWantsToStopLeadsNothingAndGoesWhenTheOthersKnow() {
    TopicIdPartition id = cluster.create("t", 1, 3);
    int leader = cluster.partition(id).leader();
    BrokerHeartbeatResponseData first =
        cluster.done(
            cluster.controller.heartbeat(cluster.heartbeatOf(leader).setWantShutDown(true)));
    assertThat(first.shouldShutDown()).isFalse();
    assertThat(cluster.node(leader).inControlledShutdown()).isTrue();
    assertThat(cluster.partition(id).leader()).isNotEqualTo(leader);
    for (int node = 1; node <= 3; node++) {
      if (node != leader) {
        cluster.heartbeat(node);
      }
    }
    BrokerHeartbeatResponseData second =
        cluster.done(
            cluster.controller.heartbeat(cluster.heartbeatOf(leader).setWantShutDown(true)));
    assertThat(second.shouldShutDown()).isTrue();
    assertThat(cluster.node(leader).fenced()).isTrue();
  }

  @Test
  void aNodeThatIsAloneMayStopAtOnce() {
    ControlledCluster alone = new ControlledCluster(1);
    TopicIdPartition id = alone.create("t", 1, 1);
    BrokerHeartbeatResponseData answer =
        alone.done(alone.controller.heartbeat(alone.heartbeatOf(1).setWantShutDown(true)));
    assertThat(answer.shouldShutDown()).isTrue();
    assertThat(alone.partition(id).elr()).containsExactly(1);
  }

  @Test
  void anUnregisteredNodeIsGone() {
    TopicIdPartition id = cluster.create("t", 1, 3);
    int leader = cluster.partition(id).leader();
    cluster.done(
        cluster.controller.unregisterNode(new UnregisterBrokerRequestData().setBrokerId(leader)));
    assertThat(cluster.image().nodes().get(leader)).isEmpty();
    assertThat(cluster.partition(id).leader()).isNotEqualTo(leader);
  }

  @Test
  void aNodeThatJoinsUnderTheIdOfAnUnregisteredOneIsNotCordoned() {
    cluster.configureNode(3, Cordon.CORDONED_LOG_DIRS, Cordon.ALL);
    assertThat(Cordon.holds(cluster.image(), 3)).isTrue();
    cluster.done(
        cluster.controller.unregisterNode(new UnregisterBrokerRequestData().setBrokerId(3)));
    cluster.activate(3);
    assertThat(Cordon.holds(cluster.image(), 3)).isFalse();
  }

  private AllocateProducerIdsResponseData allocate(int node, long epoch) {
    return cluster.done(
        cluster.controller.allocateProducerIds(
            new AllocateProducerIdsRequestData().setBrokerId(node).setBrokerEpoch(epoch)));
  }

  @Test
  void producerIdsAreNeverGivenTwice() {
    AllocateProducerIdsResponseData first = allocate(1, cluster.epoch(1));
    AllocateProducerIdsResponseData second = allocate(2, cluster.epoch(2));
    assertThat(first.producerIdStart()).isZero();
    assertThat(second.producerIdStart()).isEqualTo(first.producerIdLen());
    cluster.restart();
    assertThat(allocate(1, cluster.epoch(1)).producerIdStart()).isEqualTo(2_000);
  }

  @Test
  void aControllerThatStoodStillFencesNobody() {
    cluster.time.sleep(60_000);
    cluster.run();
    assertThat(cluster.image().nodes().all()).noneMatch(node -> node.fenced());
  }

  @Test
  void aKilledNodeThatIsAloneIsActiveAgainAtOnce() {
    ControlledCluster alone = new ControlledCluster(1);
    TopicIdPartition id = alone.create("t", 3, 1);
    alone.restart();
    assertThat(alone.partition(id).leader()).isEqualTo(1);
    alone.register(1, new Uuid(9, 9), -1);
    assertThat(alone.partition(id).hasLeader()).isFalse();
    alone.heartbeat(1);
    assertThat(alone.partition(id).leader()).isEqualTo(1);
    assertThat(alone.partition(id).leaderEpoch()).isEqualTo(2);
  }

  @Test
  @Scenario("S-57")
  void aClockThatJumpsByAnHourFencesNobodyAndSparesNobody() {
    for (int id = 1; id <= 3; id++) {
      cluster.heartbeat(id);
    }
    cluster.time.jumpMs(3_600_000);
    cluster.pass(1_000);
    cluster.time.jumpMs(-2 * 3_600_000);
    cluster.pass(1_000);
    assertThat(cluster.image().nodes().all()).noneMatch(NodeImage::fenced);

    for (int i = 0; i < 12; i++) {
      cluster.time.jumpMs(-3_600_000);
      cluster.heartbeat(2);
      cluster.heartbeat(3);
      cluster.pass(1_000);
    }
    assertThat(cluster.node(1).fenced()).isTrue();
    assertThat(cluster.node(2).fenced()).isFalse();
  }
}
