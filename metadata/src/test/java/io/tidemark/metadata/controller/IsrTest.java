package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.PartitionImage;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AlterPartition: compared and set by partition epoch, with node epochs. */
class IsrTest {
  private final ControlledCluster cluster = new ControlledCluster(3);
  private TopicIdPartition id = new TopicIdPartition(Uuid.ZERO_UUID, 0, "");
  private int leader;
  private int first;
  private int second;

  @BeforeEach
  void create() {
    id = cluster.create("t", 1, 3, "min.insync.replicas", "2");
    leader = cluster.partition(id).leader();
    int[] followers = IntStream.of(1, 2, 3).filter(n -> n != leader).toArray();
    first = followers[0];
    second = followers[1];
  }

  private AlterPartitionRequestData.PartitionData isr(int... members) {
    PartitionImage now = cluster.partition(id);
    return new AlterPartitionRequestData.PartitionData()
        .setPartitionIndex(0)
        .setLeaderEpoch(now.leaderEpoch())
        .setPartitionEpoch(now.partitionEpoch())
        .setNewIsrWithEpochs(
            IntStream.of(members)
                .mapToObj(n -> new BrokerState().setBrokerId(n).setBrokerEpoch(cluster.epoch(n)))
                .toList());
  }

  private AlterPartitionResponseData ask(
      int node, long epoch, Uuid topic, AlterPartitionRequestData.PartitionData partition) {
    AlterPartitionRequestData request =
        new AlterPartitionRequestData().setBrokerId(node).setBrokerEpoch(epoch);
    request
        .topics()
        .add(
            new AlterPartitionRequestData.TopicData()
                .setTopicId(topic)
                .setPartitions(List.of(partition)));
    return cluster.done(cluster.controller.alterPartition(request));
  }

  private AlterPartitionResponseData.PartitionData alter(
      AlterPartitionRequestData.PartitionData partition) {
    return ask(leader, cluster.epoch(leader), id.topicId(), partition)
        .topics()
        .getFirst()
        .partitions()
        .getFirst();
  }

  private Errors error(AlterPartitionRequestData.PartitionData partition) {
    return Errors.forCode(alter(partition).errorCode());
  }

  @Test
  void theIsrShrinksAndGrowsAndTheEpochsTell() {
    var shrunk = alter(isr(leader, first));
    assertThat(shrunk.errorCode()).isZero();
    assertThat(shrunk.isr()).containsExactly(leader, first);
    assertThat(shrunk.partitionEpoch()).isEqualTo(1);
    assertThat(shrunk.leaderEpoch()).isZero();
    assertThat(cluster.partition(id).elr()).isEmpty();

    alter(isr(leader));
    assertThat(cluster.partition(id).elr()).containsExactly(first);
    alter(isr(leader, first, second));
    assertThat(cluster.partition(id).isr()).containsExactly(leader, first, second);
    assertThat(cluster.partition(id).elr()).isEmpty();
    assertThat(cluster.partition(id).partitionEpoch()).isEqualTo(3);
  }

  @Test
  void whatWasDecidedOnOtherEpochsIsRefused() {
    var stale = isr(leader);
    alter(isr(leader, first));
    assertThat(error(stale)).isEqualTo(Errors.INVALID_UPDATE_VERSION);
    assertThat(error(isr(leader).setPartitionEpoch(9))).isEqualTo(Errors.NOT_CONTROLLER);
    assertThat(error(isr(leader).setLeaderEpoch(9))).isEqualTo(Errors.NOT_CONTROLLER);
    assertThat(error(isr(leader).setLeaderEpoch(-1))).isEqualTo(Errors.FENCED_LEADER_EPOCH);
    assertThat(ask(leader, cluster.epoch(leader) - 1, id.topicId(), isr(leader)).errorCode())
        .isEqualTo(Errors.STALE_BROKER_EPOCH.code());
  }

  @Test
  void aZombieLeaderChangesNothing() {
    var before = isr(leader);
    long epoch = cluster.epoch(leader);
    cluster.fence(leader);
    PartitionImage moved = cluster.partition(id);
    var answer =
        ask(leader, epoch, id.topicId(), before).topics().getFirst().partitions().getFirst();
    assertThat(answer.errorCode()).isEqualTo(Errors.FENCED_LEADER_EPOCH.code());
    assertThat(cluster.partition(id)).isEqualTo(moved);
  }

  @Test
  void membersThatCannotBeAreRefused() {
    assertThat(error(isr(first, second))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(isr(leader, leader))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(isr(leader).setLeaderRecoveryState((byte) 1)))
        .isEqualTo(Errors.INVALID_REQUEST);
    cluster.activate(4);
    assertThat(error(isr(leader, 4))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(
            ask(first, cluster.epoch(first), id.topicId(), isr(first))
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @Test
  void aReplicaThatIsFencedOrRestartedIsNotEligible() {
    var old = isr(leader, first, second);
    cluster.fence(first);
    var fenced = isr(leader, first, second);
    assertThat(error(fenced)).isEqualTo(Errors.INELIGIBLE_REPLICA);
    cluster.register(first, new Uuid(9, 9), cluster.epoch(first));
    cluster.heartbeat(first);
    var oldIncarnation = isr(leader, first, second).setNewIsrWithEpochs(old.newIsrWithEpochs());
    assertThat(error(oldIncarnation)).isEqualTo(Errors.INELIGIBLE_REPLICA);
    assertThat(error(isr(leader, first, second))).isEqualTo(Errors.NONE);
  }

  @Test
  void unknownTopicsAndPartitionsAreRefused() {
    assertThat(
            ask(leader, cluster.epoch(leader), new Uuid(4, 4), isr(leader))
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    assertThat(error(isr(leader).setPartitionIndex(7)))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }
}
