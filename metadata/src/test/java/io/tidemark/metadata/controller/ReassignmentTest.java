package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.Reassignment;
import io.tidemark.scenario.Scenario;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Partitions that move to other nodes: how a move begins, completes, is replaced and cancelled. */
class ReassignmentTest {
  private final ControlledCluster cluster = new ControlledCluster(6);
  private final TopicIdPartition id = cluster.createOn("t", List.of(1, 2, 3));

  private PartitionImage now() {
    return cluster.partition(id);
  }

  @Test
  @Scenario("S-21")
  void aDisjointMoveIsCompleteWhenAllOfItsTargetIsInSync() {
    assertThat(cluster.reassign(id, 4, 5, 6)).isEqualTo(Errors.NONE);
    assertThat(now().replicas()).containsExactly(4, 5, 6, 1, 2, 3);
    assertThat(now().reassignment())
        .isEqualTo(new Reassignment(List.of(4, 5, 6), List.of(1, 2, 3)));
    assertThat(now().leader()).isEqualTo(1);
    assertThat(now().leaderEpoch()).isZero();

    assertThat(cluster.isr(id, 1, 2, 3, 4, 5)).isEqualTo(Errors.NONE);
    assertThat(now().reassignment().isUnderWay()).isTrue();
    assertThat(cluster.isr(id, 1, 2, 3, 4, 5, 6)).isEqualTo(Errors.NEW_LEADER_ELECTED);

    assertThat(now().replicas()).containsExactly(4, 5, 6);
    assertThat(now().reassignment()).isEqualTo(Reassignment.NONE);
    assertThat(now().isr()).containsExactly(4, 5, 6);
    assertThat(now().elr()).isEmpty();
    assertThat(now().leader()).isEqualTo(4);
    assertThat(now().leaderEpoch()).isEqualTo(1);
  }

  @Test
  @Scenario("S-21")
  void theReplicationFactorGrowsUnderTheSameLeaderEpochAndShrinksUnderANewOne() {
    TopicIdPartition one = cluster.createOn("one", List.of(1), "min.insync.replicas", "2");
    cluster.reassign(one, 1, 2, 3);
    assertThat(cluster.partition(one).reassignment())
        .isEqualTo(new Reassignment(List.of(2, 3), List.of()));
    // The leader learns of what is complete from its image, ISR and replicas together.
    assertThat(cluster.isr(one, 1, 2)).isEqualTo(Errors.NONE);
    assertThat(cluster.isr(one, 1, 2, 3)).isEqualTo(Errors.NONE);
    assertThat(cluster.partition(one).reassignment().isUnderWay()).isFalse();
    assertThat(cluster.partition(one).isr()).containsExactly(1, 2, 3);
    assertThat(cluster.partition(one).leaderEpoch()).isZero();

    assertThat(cluster.reassign(one, 1)).isEqualTo(Errors.NONE);
    PartitionImage shrunk = cluster.partition(one);
    assertThat(shrunk.replicas()).containsExactly(1);
    assertThat(shrunk.isr()).containsExactly(1);
    assertThat(shrunk.elr()).isEmpty();
    assertThat(shrunk.leader()).isEqualTo(1);
    assertThat(shrunk.leaderEpoch()).isEqualTo(1);
  }

  @Test
  void theLeaderOfAMoveThatKeepsItIsToldToWaitForItsImage() {
    cluster.reassign(id, 1, 4, 5);
    cluster.isr(id, 1, 2, 3, 4);
    assertThat(cluster.isr(id, 1, 2, 3, 4, 5)).isEqualTo(Errors.NEW_LEADER_ELECTED);
    assertThat(now().isr()).containsExactly(1, 4, 5);
    assertThat(now().leader()).isEqualTo(1);
    assertThat(now().leaderEpoch()).isEqualTo(1);
  }

  @Test
  void whoGoesAndComesBackIsKnownToTheLeaderOnlyFromThenOn() {
    cluster.reassign(id, 1, 2);
    int without = now().leaderEpoch();
    cluster.reassign(id, 1, 2, 3);

    assertThat(now().leader()).isEqualTo(1);
    assertThat(now().isr()).containsExactly(1, 2);
    assertThat(without).isEqualTo(1);
    assertThat(now().leaderEpoch()).isEqualTo(without);
  }

  @Test
  void anotherOrderIsThereAtOnce() {
    assertThat(cluster.reassign(id, 3, 1, 2)).isEqualTo(Errors.NONE);
    assertThat(now().replicas()).containsExactly(3, 1, 2);
    assertThat(now().reassignment().isUnderWay()).isFalse();
    assertThat(now().leader()).isEqualTo(1);
  }

  @Test
  void leadershipLeavesARemovedLeaderAtOnceWhereTheRestIsInSync() {
    cluster.reassign(id, 3, 2);
    assertThat(now().replicas()).containsExactly(3, 2);
    assertThat(now().leader()).isEqualTo(3);
    assertThat(now().leaderEpoch()).isEqualTo(1);
  }

  @Test
  void aReplicaIsNotRemovedWhileOneThatStaysIsOutOfSync() {
    cluster.isr(id, 1, 3);
    cluster.reassign(id, 1, 2);
    assertThat(now().replicas()).containsExactly(1, 2, 3);
    assertThat(now().reassignment()).isEqualTo(new Reassignment(List.of(), List.of(3)));
    cluster.isr(id, 1, 2, 3);
    assertThat(now().replicas()).containsExactly(1, 2);
  }

  @Test
  @Scenario("S-21")
  void cancellingHalfWayRestoresTheOldReplicas() {
    cluster.reassign(id, 4, 5, 6);
    cluster.isr(id, 1, 2, 3, 4, 5);
    assertThat(cluster.reassign(id)).isEqualTo(Errors.NONE);
    assertThat(now().replicas()).containsExactly(1, 2, 3);
    assertThat(now().reassignment()).isEqualTo(Reassignment.NONE);
    assertThat(now().isr()).containsExactly(1, 2, 3);
    assertThat(now().leader()).isEqualTo(1);
    assertThat(cluster.reassign(id)).isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS);
  }

  @Test
  void cancellingIsRefusedWhereOnlyNewReplicasHaveWhatIsCommitted() {
    cluster.reassign(id, 4, 5, 6);
    cluster.isr(id, 1, 4, 5);
    cluster.fence(1);
    assertThat(now().isr()).containsExactly(4, 5);
    assertThat(cluster.reassign(id)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    assertThat(now().leader()).isEqualTo(4);
  }

  @Test
  @Scenario("S-22")
  void aMoveWhoseTargetDiesStaysPendingAndCompletesWhenItIsBack() {
    cluster.reassign(id, 4, 5, 6);
    cluster.isr(id, 1, 2, 3, 4, 5);
    cluster.fence(6);
    assertThat(cluster.isr(id, 1, 2, 3, 4)).isEqualTo(Errors.NONE);
    assertThat(now().reassignment().isUnderWay()).isTrue();
    assertThat(cluster.isr(id, 1, 2, 3, 4, 6)).isEqualTo(Errors.INELIGIBLE_REPLICA);
    cluster.heartbeat(6);
    assertThat(cluster.isr(id, 1, 2, 3, 4, 5, 6)).isEqualTo(Errors.NEW_LEADER_ELECTED);
    assertThat(now().replicas()).containsExactly(4, 5, 6);
  }

  @Test
  @Scenario("S-22")
  void aMoveWhoseTargetDiesCanBeCancelled() {
    cluster.reassign(id, 4, 5, 6);
    cluster.isr(id, 1, 2, 3, 4, 5, 6);
    cluster.reassign(id, 1, 2, 3);
    cluster.isr(id, 4, 5, 6, 1);
    cluster.fence(2);
    cluster.fence(4);
    assertThat(now().reassignment().isUnderWay()).isTrue();
    assertThat(cluster.reassign(id)).isEqualTo(Errors.NONE);
    assertThat(now().replicas()).containsExactlyInAnyOrder(4, 5, 6);
    assertThat(now().isr()).containsExactly(5, 6);
    assertThat(now().leader()).isIn(5, 6);
  }

  @Test
  void aMoveOnTopOfAnotherStartsFromWhereTheFirstOneDid() {
    cluster.reassign(id, 4, 5, 6);
    cluster.isr(id, 1, 2, 3, 4);
    cluster.reassign(id, 1, 2, 4);
    assertThat(now().replicas()).containsExactly(1, 2, 4);
    assertThat(now().reassignment().isUnderWay()).isFalse();
    assertThat(now().isr()).containsExactly(1, 2, 4);
  }

  @Test
  void aReplicationFactorThatMayNotChangeIsKept() {
    assertThat(cluster.reassign(id, false, 4, 5)).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
    assertThat(cluster.reassign(id, false, 4, 5, 6)).isEqualTo(Errors.NONE);
    assertThat(cluster.reassign(id, false, 4, 5, 1)).isEqualTo(Errors.NONE);
    assertThat(cluster.reassign(id, false, 4)).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
  }

  @Test
  void targetsThatCannotBeAreRefused() {
    assertThat(cluster.reassign(id, 1, 9)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    assertThat(cluster.reassign(id, 1, 1)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    TopicIdPartition missing = new TopicIdPartition(id.topicId(), 7, "t");
    assertThat(cluster.reassign(missing, 1)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    TopicIdPartition unknown = new TopicIdPartition(id.topicId(), 0, "other");
    assertThat(cluster.reassign(unknown, 1)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void aCordonedNodeGetsNothingNewButKeepsWhatItHas() {
    cluster.configureNode(4, Cordon.CORDONED_LOG_DIRS, Cordon.ALL);
    assertThat(cluster.reassign(id, 4, 5, 6)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    cluster.configureNode(3, Cordon.CORDONED_LOG_DIRS, Cordon.ALL);
    assertThat(cluster.reassign(id, 3, 1)).isEqualTo(Errors.NONE);
    cluster.configureNode(4, Cordon.CORDONED_LOG_DIRS, null);
    assertThat(cluster.reassign(id, 4, 5, 6)).isEqualTo(Errors.NONE);
  }

  @Test
  void aTopicGrowsByItsTargetFactorAndIsDeletedDuringAMove() {
    cluster.reassign(id, 4, 5);
    CreatePartitionsRequestData growth = new CreatePartitionsRequestData();
    growth.topics().add(new CreatePartitionsTopic().setName("t").setCount(2).setAssignments(null));
    assertThat(
            cluster
                .done(cluster.controller.createPartitions(growth))
                .results()
                .getFirst()
                .errorCode())
        .isZero();
    assertThat(cluster.topic("t").partitions().get(1).replicas()).hasSize(2);
    cluster.done(
        cluster.controller.deleteTopics(new DeleteTopicsRequestData().setTopicNames(List.of("t"))));
    assertThat(cluster.image().topics().byName("t")).isEmpty();
    assertThat(cluster.reassign(id)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }
}
