package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.CONFIG;
import static io.tidemark.metadata.coordinator.group.GroupWorld.GROUP;
import static io.tidemark.metadata.coordinator.group.GroupWorld.client;
import static io.tidemark.metadata.coordinator.group.GroupWorld.commitRequest;
import static io.tidemark.metadata.coordinator.group.GroupWorld.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Groups and offsets that are deleted, expire, or lose their topic. */
final class DeletionTest {
  private static final long HOUR_MS = 3_600_000;

  private final GroupWorld world =
      new GroupWorld(CONFIG.withOffsetsRetention(24 * HOUR_MS, HOUR_MS));

  private Errors deleteGroup() {
    var response =
        world.now(
            world.coordinator.deleteGroups(
                client(2), new DeleteGroupsRequestData().setGroupsNames(List.of(GROUP))));
    return Errors.forCode(response.results().find(GROUP).errorCode());
  }

  private OffsetDeleteResponseData deleteOffset(String topic, int partition) {
    OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
    topics.add(
        new OffsetDeleteRequestTopic()
            .setName(topic)
            .setPartitions(
                List.of(new OffsetDeleteRequestPartition().setPartitionIndex(partition))));
    return world.now(
        world.coordinator.deleteOffsets(
            client(0), new OffsetDeleteRequestData().setGroupId(GROUP).setTopics(topics)));
  }

  private static short errorOf(OffsetDeleteResponseData response, String topic, int partition) {
    return response.topics().find(topic).partitions().find(partition).errorCode();
  }

  private Errors commitTo(String topic, String member, int generation) {
    return world.commitError(
        world.coordinator.commitOffsets(
            client(9),
            commitRequest(member, generation).setTopics(List.of(offsets(topic, Map.of(0, 1L))))));
  }

  // ---------------------------------------------------------------- on request

  @Test
  @Scenario("S-146")
  void aDeletedGroupStaysDeleted() {
    String member = world.stableGroup(1).getFirst();
    world.commit(member, 1, Map.of(0, 1L, 1, 2L));
    assertThat(deleteGroup()).isEqualTo(Errors.NON_EMPTY_GROUP);
    world.leave(member, null);

    assertThat(deleteGroup()).isEqualTo(Errors.NONE);
    assertThat(deleteGroup()).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    world.failOver(2);
    assertThat(world.state()).isEqualTo(GroupState.DEAD);
    assertThat(world.committed(0)).isEqualTo(-1);
  }

  @Test
  void aGroupWithMoreOffsetsThanABatchHoldsIsDeletedToo() {
    GroupWorld small = new GroupWorld(CONFIG, 1, 600, 1);
    for (int partition = 0; partition < 8; partition++) {
      small.commitSimple(partition, 1);
    }
    var response =
        small.now(
            small.coordinator.deleteGroups(
                client(2), new DeleteGroupsRequestData().setGroupsNames(List.of(GROUP, "none"))));

    assertThat(response.results().find(GROUP).errorCode()).isZero();
    assertThat(response.results().find("none").errorCode())
        .isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    small.failOver(2);
    assertThat(small.state()).isEqualTo(GroupState.DEAD);
  }

  @Test
  void offsetsOfTopicsNobodyReadsAreDeletedOthersNot() {
    world.topic("old", 9);
    String member = world.stableGroup(1).getFirst();
    commitTo("old", member, 1);
    commitTo("orders", member, 1);

    assertThat(errorOf(deleteOffset("orders", 0), "orders", 0))
        .isEqualTo(Errors.GROUP_SUBSCRIBED_TO_TOPIC.code());
    assertThat(errorOf(deleteOffset("old", 0), "old", 0)).isZero();
    assertThat(errorOf(deleteOffset("old", 5), "old", 5)).isZero();

    assertThat(world.committed(0)).isEqualTo(1);
    assertThat(world.core().ledger().offsets(GROUP).get("old", 0)).isNull();
  }

  @Test
  void whatMembersOfAnotherProtocolReadIsUnknownSoNothingIsDeleted() {
    JoinGroupRequestData request = GroupWorld.joinRequest("").setProtocolType("connect");
    var join = world.coordinator.joinGroup(client(3), request);
    world.clock.advance(GroupWorld.FORMING_MS);
    world.now(join);

    assertThat(deleteOffset("orders", 0).errorCode()).isEqualTo(Errors.NON_EMPTY_GROUP.code());
  }

  // ---------------------------------------------------------------- topics that go

  @Test
  void offsetsOfADeletedTopicGoWithIt() {
    KnownTopic orders = world.topic("orders", 1);
    world.commitSimple(0, 1);
    world.topics.remove("orders");
    world.coordinator.onTopicsDeleted(List.of(orders));
    world.clock.run();

    assertThat(world.core().ledger().offsets(GROUP).isEmpty()).isTrue();
    world.failOver(2);
    assertThat(world.core().ledger().offsets(GROUP).isEmpty()).isTrue();
  }

  @Test
  @Scenario("S-147")
  void newsOfADeletedTopicDoNotTouchTheOneRecreated() {
    KnownTopic old = world.topic("orders", 1);
    world.topic("orders", 2);
    world.commitSimple(0, 1);
    world.coordinator.onTopicsDeleted(List.of(old));

    assertThat(world.committed(0)).isEqualTo(1);
  }

  @Test
  void offsetsOfTopicsDeletedWhileNobodyCoordinatedGoLater() {
    world.commitSimple(0, 1);
    world.coordinator.onResigned(0, 1);
    world.topics.remove("orders");
    world.elect(0, 2);
    world.clock.advance(HOUR_MS);

    assertThat(world.state()).isEqualTo(GroupState.DEAD);
  }

  // ---------------------------------------------------------------- expiry

  @Test
  @Scenario("S-146")
  void offsetsOfASimpleGroupExpireAndTheGroupWithThem() {
    world.commitSimple(0, 1);
    world.clock.advance(12 * HOUR_MS);
    world.commitSimple(1, 1);
    world.clock.advance(12 * HOUR_MS);
    assertThat(world.committed(0)).isEqualTo(-1);
    assertThat(world.committed(1)).isEqualTo(1);
    world.clock.advance(12 * HOUR_MS);

    assertThat(world.state()).isEqualTo(GroupState.DEAD);
    assertThat(world.meters.get("tidemark.group.offset.expirations").counter().count())
        .isEqualTo(2);
  }

  @Test
  void offsetsOfAGroupThatIsEmptyExpireByTheTimeItBecameEmpty() {
    String member = world.stableGroup(1).getFirst();
    world.commit(member, 1, Map.of(0, 1L));
    for (int i = 0; i < 30 * 4; i++) {
      world.clock.advance(GroupWorld.SESSION_MS * 9 / 10);
      world.heartbeat(member, 1);
    }
    world.leave(member, null);
    world.failOver(2);
    world.clock.advance(23 * HOUR_MS);
    assertThat(world.committed(0)).isEqualTo(1);
    world.clock.advance(2 * HOUR_MS);

    assertThat(world.state()).isEqualTo(GroupState.DEAD);
    world.failOver(3);
    assertThat(world.state()).isEqualTo(GroupState.DEAD);
  }

  @Test
  @Scenario("S-146")
  void offsetsOfTopicsTheMembersReadNeverExpireOthersDo() {
    GroupWorld quick = new GroupWorld(CONFIG.withOffsetsRetention(20_000, 1_000));
    quick.topic("old", 9);
    String member = quick.stableGroup(1).getFirst();
    for (String topic : List.of("orders", "old")) {
      quick.now(
          quick.coordinator.commitOffsets(
              client(9),
              commitRequest(member, 1).setTopics(List.of(offsets(topic, Map.of(0, 1L))))));
    }
    for (int i = 0; i < 10; i++) {
      quick.clock.advance(5_000);
      assertThat(quick.heartbeat(member, 1)).isEqualTo(Errors.NONE);
    }

    assertThat(quick.committed(0)).isEqualTo(1);
    assertThat(quick.core().ledger().offsets(GROUP).get("old", 0)).isNull();
  }

  @Test
  void aClientsOwnRetentionCountsForOlderVersions() {
    world.now(
        world.coordinator.commitOffsets(
            client(4),
            commitRequest("", -1)
                .setRetentionTimeMs(2 * HOUR_MS)
                .setTopics(List.of(offsets("orders", Map.of(0, 1L))))));
    world.failOver(2);
    world.clock.advance(HOUR_MS);
    assertThat(world.committed(0)).isEqualTo(1);
    world.clock.advance(2 * HOUR_MS);

    assertThat(world.committed(0)).isEqualTo(-1);
  }

  @Test
  void anEmptyGroupWithoutOffsetsIsForgotten() {
    String member = world.stableGroup(1).getFirst();
    world.leave(member, null);
    assertThat(world.state()).isEqualTo(GroupState.EMPTY);
    world.clock.advance(HOUR_MS);

    assertThat(world.state()).isEqualTo(GroupState.DEAD);
    assertThat(world.log.records(0).getLast().value()).isNull();
  }
}
