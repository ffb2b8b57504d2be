package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.CONFIG;
import static io.tidemark.metadata.coordinator.group.GroupWorld.GROUP;
import static io.tidemark.metadata.coordinator.group.GroupWorld.client;
import static io.tidemark.metadata.coordinator.group.GroupWorld.commitRequest;
import static io.tidemark.metadata.coordinator.group.GroupWorld.joinRequest;
import static io.tidemark.metadata.coordinator.group.GroupWorld.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Committing and fetching offsets. */
final class OffsetsTest {
  private final GroupWorld world = new GroupWorld();

  private OffsetFetchResponsePartitions fetchOne(int version, OffsetFetchRequestTopics topic) {
    return world
        .now(world.fetch(version, topic))
        .groups()
        .getFirst()
        .topics()
        .getFirst()
        .partitions()
        .getFirst();
  }

  private static OffsetFetchRequestTopics byName(String name, int partition) {
    return new OffsetFetchRequestTopics().setName(name).setPartitionIndexes(List.of(partition));
  }

  private static OffsetFetchRequestTopics byId(Uuid id, int partition) {
    return new OffsetFetchRequestTopics().setTopicId(id).setPartitionIndexes(List.of(partition));
  }

  @Test
  void membersCommitAndFindTheirOffsetsAgainAfterAFailover() {
    String member = world.stableGroup(1).getFirst();
    assertThat(world.commitError(world.commit(member, 1, Map.of(0, 17L, 3, 4L))))
        .isEqualTo(Errors.NONE);
    world.failOver(2);

    OffsetFetchResponsePartitions found = fetchOne(9, byName("orders", 3));
    assertThat(found.committedOffset()).isEqualTo(4);
    assertThat(found.committedLeaderEpoch()).isEqualTo(3);
    assertThat(found.metadata()).isEqualTo("note");
    assertThat(found.errorCode()).isZero();
    assertThat(world.committed(0)).isEqualTo(17);
    assertThat(world.committed(1)).isEqualTo(-1);
  }

  @Test
  void aConsumerWithoutMembershipCommitsToAnEmptyGroup() {
    assertThat(world.commitSimple(0, 5)).isEqualTo(Errors.NONE);
    assertThat(world.state()).isEqualTo(GroupState.EMPTY);
    world.failOver(2);

    assertThat(world.committed(0)).isEqualTo(5);
    assertThat(world.state()).isEqualTo(GroupState.EMPTY);
  }

  @Test
  void aCommitIsNotSeenAndNotAnsweredBeforeItIsCommitted() {
    world.commitSimple(0, 5);
    world.log.holdCommits();
    CompletableFuture<OffsetCommitResponseData> commit = world.commit("", -1, Map.of(0, 6L));
    CompletableFuture<OffsetFetchResponseData> fetch = world.fetch(9, byName("orders", 0));
    world.later(commit);
    world.later(fetch);
    world.log.loseUncommitted(0);
    world.failOver(2);
    world.log.releaseCommits();

    assertThat(world.commitError(commit)).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(world.now(fetch).groups().getFirst().errorCode())
        .isEqualTo(Errors.NOT_COORDINATOR.code());
    assertThat(world.committed(0)).isEqualTo(5);
  }

  @Test
  void aCommitThatTakesTooLongSendsTheClientToLookForTheCoordinator() {
    world.log.holdCommits();
    CompletableFuture<OffsetCommitResponseData> commit = world.commit("", -1, Map.of(0, 6L));
    world.later(commit);
    world.clock.advance(CONFIG.commitTimeoutMs());

    assertThat(world.commitError(commit)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
  }

  @Test
  void partitionsOfOneRequestAreAcceptedAndRefusedEachForItself() {
    OffsetCommitResponseData response =
        world.now(
            world.coordinator.commitOffsets(
                client(9),
                commitRequest("", -1)
                    .setTopics(
                        List.of(
                            offsets("orders", new HashMap<>(Map.of(0, 1L, 99, 2L))),
                            offsets("none", Map.of(0, 1L))))));

    Map<Integer, Short> errors = new HashMap<>();
    response
        .topics()
        .getFirst()
        .partitions()
        .forEach(each -> errors.put(each.partitionIndex(), each.errorCode()));
    assertThat(errors)
        .isEqualTo(Map.of(0, Errors.NONE.code(), 99, Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
    assertThat(response.topics().getLast().partitions().getFirst().errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(world.committed(0)).isEqualTo(1);
  }

  @Test
  void aRequestTooLargeForABatchIsRefusedAsAWhole() {
    GroupWorld small = new GroupWorld(CONFIG, 1, 1_000, 1);
    Map<Integer, Long> many = Map.of(0, 1L, 1, 1L, 2, 1L, 3, 1L, 4, 1L, 5, 1L, 6, 1L, 7, 1L);
    OffsetCommitRequestTopic topic = offsets("orders", many);
    topic.partitions().forEach(each -> each.setCommittedMetadata("x".repeat(100)));

    OffsetCommitResponseData response =
        small.now(
            small.coordinator.commitOffsets(
                client(9), commitRequest("", -1).setTopics(List.of(topic))));

    assertThat(response.topics().getFirst().partitions())
        .allMatch(each -> each.errorCode() == Errors.INVALID_COMMIT_OFFSET_SIZE.code());
    assertThat(small.log.records(0)).isEmpty();
  }

  @Test
  void missingMetadataIsEmpty() {
    OffsetCommitRequestTopic topic = offsets("orders", Map.of(0, 1L));
    topic.partitions().getFirst().setCommittedMetadata(null);
    world.now(
        world.coordinator.commitOffsets(
            client(2), commitRequest("", -1).setTopics(List.of(topic))));

    assertThat(fetchOne(9, byName("orders", 0)).metadata()).isEmpty();
  }

  @Test
  void fromVersion10TopicsAreNamedById() {
    Uuid id = world.topic("orders", 1).id();
    OffsetCommitRequestTopic topic = offsets("", Map.of(0, 7L)).setTopicId(id);
    OffsetCommitRequestTopic unknown = offsets("", Map.of(0, 7L)).setTopicId(new Uuid(1, 1));
    OffsetCommitResponseData response =
        world.now(
            world.coordinator.commitOffsets(
                client(10), commitRequest("", -1).setTopics(List.of(topic, unknown))));

    assertThat(response.topics().getFirst().topicId()).isEqualTo(id);
    assertThat(response.topics().getFirst().partitions().getFirst().errorCode()).isZero();
    assertThat(response.topics().getLast().partitions().getFirst().errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    assertThat(fetchOne(10, byId(id, 0)).committedOffset()).isEqualTo(7);
    assertThat(fetchOne(10, byId(new Uuid(1, 1), 0)).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    assertThat(world.committed(0)).isEqualTo(7);
  }

  @Test
  @Scenario("S-147")
  void aTopicOfTheSameNameDoesNotGetTheOffsetsOfTheDeletedOne() {
    Uuid old = world.topic("orders", 1).id();
    world.commitSimple(0, 7);
    Uuid recreated = world.topic("orders", 2).id();

    assertThat(world.committed(0)).isEqualTo(-1);
    assertThat(fetchOne(10, byId(recreated, 0)).committedOffset()).isEqualTo(-1);
    assertThat(fetchOne(10, byId(old, 0)).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    world.commitSimple(0, 3);
    world.failOver(2);
    assertThat(world.committed(0)).isEqualTo(3);
  }

  @Test
  void allOffsetsOfAGroupAreToldButNotThoseOfTopicsThatAreGone() {
    world.commitSimple(0, 7);
    world.commitSimple(4, 8);
    world.topic("other", 5);
    world.now(
        world.coordinator.commitOffsets(
            client(9), commitRequest("", -1).setTopics(List.of(offsets("other", Map.of(1, 9L))))));
    world.topic("other", 6);

    for (int version : new int[] {8, 9, 10}) {
      var all =
          world.now(
              world.coordinator.fetchOffsets(
                  client(version),
                  new OffsetFetchRequestData()
                      .setGroups(
                          List.of(
                              new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null)))));
      assertThat(all.groups().getFirst().topics()).hasSize(1);
      assertThat(all.groups().getFirst().topics().getFirst().partitions()).hasSize(2);
      assertThat(all.groups().getFirst().topics().getFirst().topicId()).isEqualTo(new Uuid(7, 1));
    }
  }

  @Test
  void olderClientsAskForOneGroup() {
    world.commitSimple(0, 7);
    for (int version = 1; version < 8; version++) {
      OffsetFetchRequestData request =
          new OffsetFetchRequestData()
              .setGroupId(GROUP)
              .setTopics(
                  List.of(
                      new OffsetFetchRequestTopic()
                          .setName("orders")
                          .setPartitionIndexes(List.of(0, 1))));
      OffsetFetchResponseData response =
          world.now(world.coordinator.fetchOffsets(client(version), request));
      assertThat(response.topics().getFirst().partitions().getFirst().committedOffset())
          .isEqualTo(7);
      assertThat(response.topics().getFirst().partitions().getLast().committedOffset())
          .isEqualTo(-1);
      assertThat(response.errorCode()).isZero();
    }
  }

  @Test
  void severalGroupsAreFetchedAtOnceEachFromItsOwnPartition() {
    GroupWorld wide = new GroupWorld(CONFIG, 7, 1 << 20, 1);
    for (int i = 0; i < 20; i++) {
      wide.now(
          wide.coordinator.commitOffsets(
              client(9),
              commitRequest("", -1)
                  .setGroupId("group-" + i)
                  .setTopics(List.of(offsets("orders", Map.of(0, (long) i))))));
    }
    wide.coordinator.onResigned(2, 1);
    List<OffsetFetchRequestGroup> asked =
        java.util.stream.IntStream.range(0, 20)
            .mapToObj(i ->
                new OffsetFetchRequestGroup()
                    .setGroupId("group-" + i)
                    .setTopics(List.of(byName("orders", 0))))
            .toList();

    var found =
        wide.now(
            wide.coordinator.fetchOffsets(
                client(9), new OffsetFetchRequestData().setGroups(asked)));

    for (int i = 0; i < 20; i++) {
      var group = found.groups().get(i);
      assertThat(group.groupId()).isEqualTo("group-" + i);
      boolean resigned = wide.coordinator.partitionFor("group-" + i) == 2;
      assertThat(group.errorCode()).isEqualTo(resigned ? Errors.NOT_COORDINATOR.code() : 0);
      if (!resigned) {
        assertThat(group.topics().getFirst().partitions().getFirst().committedOffset())
            .isEqualTo(i);
      }
    }
  }

  @Test
  void anUnknownGroupHasNoOffsets() {
    assertThat(world.committed(0)).isEqualTo(-1);
    assertThat(world.core().groups().all()).isEmpty();
  }

  @Test
  @Scenario("S-141")
  void aMemberThatWasEvictedCommitsNothingWhenItComesBack() {
    List<String> members = world.stableGroup(2);
    String evicted = members.getFirst();
    String staying = members.getLast();
    assertThat(world.commitError(world.commit(evicted, 1, Map.of(0, 3L)))).isEqualTo(Errors.NONE);
    for (int i = 0; i < 3; i++) {
      world.clock.advance(GroupWorld.SESSION_MS / 2);
      world.heartbeat(staying, 1);
    }
    assertThat(world.heartbeat(staying, 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    world.now(world.join(joinRequest(staying)));
    world.syncAll(List.of(staying), 2);

    assertThat(world.commitError(world.commit(evicted, 1, Map.of(0, 9L))))
        .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(world.commitError(world.commit(evicted, 2, Map.of(0, 9L))))
        .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(world.commitError(world.commit(staying, 1, Map.of(0, 9L))))
        .isEqualTo(Errors.ILLEGAL_GENERATION);
    assertThat(world.committed(0)).isEqualTo(3);
    assertThat(world.commitError(world.commit(staying, 2, Map.of(0, 5L)))).isEqualTo(Errors.NONE);
    assertThat(world.committed(0)).isEqualTo(5);
  }

  @Test
  void aCommitCountsAsAHeartbeat() {
    String member = world.stableGroup(1).getFirst();
    for (int i = 0; i < 5; i++) {
      world.clock.advance(GroupWorld.SESSION_MS - 1);
      assertThat(world.commitError(world.commit(member, 1, Map.of(0, (long) i))))
          .isEqualTo(Errors.NONE);
    }
    assertThat(world.state()).isEqualTo(GroupState.STABLE);
  }

  @Test
  void membersMayCommitWhileARebalanceIsBeingPrepared() {
    String member = world.stableGroup(1).getFirst();
    world.joinNew();
    assertThat(world.commitError(world.commit(member, 1, Map.of(0, 9L)))).isEqualTo(Errors.NONE);
    world.now(world.join(joinRequest(member)));
    assertThat(world.commitError(world.commit(member, 1, Map.of(0, 9L))))
        .isEqualTo(Errors.ILLEGAL_GENERATION);
  }

  @Test
  void commitsAreCounted() {
    world.commitSimple(0, 1);
    world.commitSimple(1, 1);
    assertThat(world.meters.get("tidemark.group.offset.commits").counter().count()).isEqualTo(2);
    assertThat(world.meters.get("tidemark.group.groups").tag("state", "Empty").gauge().value())
        .isEqualTo(1);
    world.coordinator.onResigned(0, 1);
    world.clock.run();
    assertThat(world.meters.get("tidemark.group.groups").tag("state", "Empty").gauge().value())
        .isZero();
  }
}
