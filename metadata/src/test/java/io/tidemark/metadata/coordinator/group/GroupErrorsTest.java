package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.CONFIG;
import static io.tidemark.metadata.coordinator.group.GroupWorld.GROUP;
import static io.tidemark.metadata.coordinator.group.GroupWorld.client;
import static io.tidemark.metadata.coordinator.group.GroupWorld.commitRequest;
import static io.tidemark.metadata.coordinator.group.GroupWorld.joinRequest;
import static io.tidemark.metadata.coordinator.group.GroupWorld.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to be refused, and that nothing changes by it. */
final class GroupErrorsTest {
  /** What is done to a stable group of one member (its id is given), and the error it gets. */
  record Refused(String what, Function<Scene, Errors> act, Errors expected) {
    @Override
    public String toString() {
      return what;
    }
  }

  record Scene(GroupWorld world, String member) {
    Errors join(int version, JoinGroupRequestData request) {
      return Errors.forCode(
          world.now(world.coordinator.joinGroup(client(version), request)).errorCode());
    }

    Errors sync(SyncGroupRequestData request) {
      return Errors.forCode(
          world
              .now(world.coordinator.syncGroup(client(5), request.setGroupId(groupOf(request))))
              .errorCode());
    }

    private static String groupOf(SyncGroupRequestData request) {
      return request.groupId().isEmpty() ? GROUP : request.groupId();
    }

    SyncGroupRequestData syncRequest() {
      return new SyncGroupRequestData()
          .setMemberId(member)
          .setGenerationId(1)
          .setProtocolType("consumer")
          .setProtocolName("range");
    }

    Errors heartbeat(String group, String id, String instanceId, int generation) {
      return Errors.forCode(
          world
              .now(
                  world.coordinator.heartbeat(
                      client(4),
                      new HeartbeatRequestData()
                          .setGroupId(group)
                          .setMemberId(id)
                          .setGroupInstanceId(instanceId.isEmpty() ? null : instanceId)
                          .setGenerationId(generation)))
              .errorCode());
    }

    Errors commit(int version, String group, String id, int generation) {
      return world.commitError(
          world.coordinator.commitOffsets(
              client(version),
              commitRequest(id, generation)
                  .setGroupId(group)
                  .setTopics(List.of(offsets("orders", Map.of(0, 1L))))));
    }

    Errors commitTopic(String topic, int partition, String metadata) {
      var asked = offsets(topic, Map.of(partition, 1L));
      asked.partitions().getFirst().setCommittedMetadata(metadata);
      return world.commitError(
          world.coordinator.commitOffsets(
              client(9), commitRequest(member, 1).setTopics(List.of(asked))));
    }

    Errors deleteGroup(String group) {
      return Errors.forCode(
          world
              .now(
                  world.coordinator.deleteGroups(
                      client(2), new DeleteGroupsRequestData().setGroupsNames(List.of(group))))
              .results()
              .find(group)
              .errorCode());
    }

    Errors deleteOffsets(String group) {
      return Errors.forCode(
          world
              .now(
                  world.coordinator.deleteOffsets(
                      client(0), new OffsetDeleteRequestData().setGroupId(group)))
              .errorCode());
    }
  }

  static Stream<Arguments> refusals() {
    String tooLong = "\u0000".repeat(10_000) + "\u00e4".repeat(20_000);
    return Stream.of(
            new Refused(
                "join: no group id",
                s -> s.join(9, joinRequest("").setGroupId("")),
                Errors.INVALID_GROUP_ID),
            new Refused(
                "join: session too short",
                s -> s.join(9, joinRequest("").setSessionTimeoutMs(99)),
                Errors.INVALID_SESSION_TIMEOUT),
            new Refused(
                "join: session too long",
                s -> s.join(9, joinRequest("").setSessionTimeoutMs(1_800_001)),
                Errors.INVALID_SESSION_TIMEOUT),
            new Refused(
                "join: unknown member id",
                s -> s.join(9, joinRequest("stranger")),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "join: member of no group",
                s -> s.join(9, joinRequest("stranger").setGroupId("none")),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "join: other protocol type",
                s -> s.join(9, joinRequest("").setProtocolType("connect")),
                Errors.INCONSISTENT_GROUP_PROTOCOL),
            new Refused(
                "join: no common protocol",
                s -> s.join(9, joinRequest("", "sticky")),
                Errors.INCONSISTENT_GROUP_PROTOCOL),
            new Refused(
                "join: no protocol",
                s -> s.join(9, joinRequest("", new String[0]).setGroupId("other")),
                Errors.INCONSISTENT_GROUP_PROTOCOL),
            new Refused(
                "join: no protocol type",
                s -> s.join(9, joinRequest("").setProtocolType("").setGroupId("other")),
                Errors.INCONSISTENT_GROUP_PROTOCOL),
            new Refused(
                "join: unknown instance id with a member id",
                s -> s.join(9, joinRequest(s.member()).setGroupInstanceId("x")),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "join: a name no record holds",
                s -> s.join(9, joinRequest("").setGroupInstanceId(tooLong)),
                Errors.INVALID_REQUEST),
            new Refused(
                "sync: unknown member",
                s -> s.sync(s.syncRequest().setMemberId("stranger")),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "sync: unknown group",
                s -> s.sync(s.syncRequest().setGroupId("none")),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "sync: other generation",
                s -> s.sync(s.syncRequest().setGenerationId(2)),
                Errors.ILLEGAL_GENERATION),
            new Refused(
                "sync: other protocol type",
                s -> s.sync(s.syncRequest().setProtocolType("connect")),
                Errors.INCONSISTENT_GROUP_PROTOCOL),
            new Refused(
                "sync: other protocol",
                s -> s.sync(s.syncRequest().setProtocolName("sticky")),
                Errors.INCONSISTENT_GROUP_PROTOCOL),
            new Refused(
                "sync: protocol missing",
                s -> s.sync(s.syncRequest().setProtocolName(null)),
                Errors.INCONSISTENT_GROUP_PROTOCOL),
            new Refused(
                "heartbeat: unknown group",
                s -> s.heartbeat("none", s.member(), "", 1),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "heartbeat: no group id",
                s -> s.heartbeat("", s.member(), "", 1),
                Errors.INVALID_GROUP_ID),
            new Refused(
                "heartbeat: unknown member",
                s -> s.heartbeat(GROUP, "stranger", "", 1),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "heartbeat: other generation",
                s -> s.heartbeat(GROUP, s.member(), "", 0),
                Errors.ILLEGAL_GENERATION),
            new Refused(
                "heartbeat: unknown instance id",
                s -> s.heartbeat(GROUP, s.member(), "x", 1),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "leave: unknown member",
                s -> s.world().leave("stranger", null),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused("leave: nobody", s -> s.world().leave("", null), Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "commit: no such group",
                s -> s.commit(9, "none", s.member(), 1),
                Errors.GROUP_ID_NOT_FOUND),
            new Refused(
                "commit: no such group, older client",
                s -> s.commit(8, "none", s.member(), 1),
                Errors.ILLEGAL_GENERATION),
            new Refused(
                "commit: unknown member",
                s -> s.commit(9, GROUP, "stranger", 1),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "commit: other generation",
                s -> s.commit(9, GROUP, s.member(), 0),
                Errors.ILLEGAL_GENERATION),
            new Refused(
                "commit: no member, while there are members",
                s -> s.commit(9, GROUP, "", -1),
                Errors.UNKNOWN_MEMBER_ID),
            new Refused(
                "commit: unknown topic",
                s -> s.commitTopic("none", 0, ""),
                Errors.UNKNOWN_TOPIC_OR_PARTITION),
            new Refused(
                "commit: unknown partition",
                s -> s.commitTopic("orders", 8, ""),
                Errors.UNKNOWN_TOPIC_OR_PARTITION),
            new Refused(
                "commit: metadata too large",
                s -> s.commitTopic("orders", 0, "x".repeat(4_097)),
                Errors.OFFSET_METADATA_TOO_LARGE),
            new Refused(
                "delete group: unknown", s -> s.deleteGroup("none"), Errors.GROUP_ID_NOT_FOUND),
            new Refused(
                "delete group: has members", s -> s.deleteGroup(GROUP), Errors.NON_EMPTY_GROUP),
            new Refused(
                "delete offsets: unknown group",
                s -> s.deleteOffsets("none"),
                Errors.GROUP_ID_NOT_FOUND),
            new Refused(
                "delete offsets: no group id", s -> s.deleteOffsets(""), Errors.INVALID_GROUP_ID))
        .map(Arguments::of);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void isRefusedAndChangesNothing(Refused refused) {
    GroupWorld world = new GroupWorld(CONFIG);
    String member = world.stableGroup(1).getFirst();
    int records = world.log.records(0).size();

    assertThat(refused.act().apply(new Scene(world, member))).isEqualTo(refused.expected());

    assertThat(world.log.records(0)).hasSize(records);
    assertThat(world.core().groups().all()).hasSize(1);
    assertThat(world.heartbeat(member, 1)).isEqualTo(Errors.NONE);
    assertThat(world.meters.get("tidemark.coordinator.resets").counter().count()).isZero();
  }

  @Test
  void commitsBetweenJoinAndSyncAreRefused() {
    GroupWorld world = new GroupWorld();
    var join = world.joinNew();
    world.clock.advance(GroupWorld.FORMING_MS);
    String member = world.now(join).memberId();

    assertThat(world.commitError(world.commit(member, 1, Map.of(0, 1L))))
        .isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    assertThat(world.heartbeat(member, 1)).isEqualTo(Errors.NONE);
  }

  @Test
  void everyCallIsAnsweredByWhoeverIsNotTheCoordinator() {
    GroupWorld world = new GroupWorld();
    world.coordinator.onResigned(0, 1);
    assertThat(everyCall(world)).allMatch(error -> error == Errors.NOT_COORDINATOR);
  }

  @Test
  void everyCallButAHeartbeatIsPutOffWhileTheGroupLoads() {
    GroupWorld world = new GroupWorld();
    world.log.holdLoads();
    world.elect(0, 2);
    assertThat(everyCall(world))
        .allMatch(error -> error == Errors.COORDINATOR_LOAD_IN_PROGRESS || error == Errors.NONE)
        .filteredOn(error -> error == Errors.NONE)
        .hasSize(1);
    assertThat(
            world
                .now(world.coordinator.listGroups(client(5), new ListGroupsRequestData()))
                .errorCode())
        .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
  }

  @Test
  void withoutTheTopicThereIsNoCoordinator() {
    GroupWorld world = new GroupWorld(CONFIG, 0, 1 << 20, 1);
    assertThat(everyCall(world)).allMatch(error -> error == Errors.COORDINATOR_NOT_AVAILABLE);
    assertThat(world.coordinator.partitionFor(GROUP)).isNegative();
  }

  private static List<Errors> everyCall(GroupWorld world) {
    Scene scene = new Scene(world, "member");
    short fetch =
        world
            .now(
                world.coordinator.fetchOffsets(
                    client(9),
                    new OffsetFetchRequestData()
                        .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId(GROUP)))))
            .groups()
            .getFirst()
            .errorCode();
    short describe =
        world
            .now(
                world.coordinator.describeGroups(
                    client(6), new DescribeGroupsRequestData().setGroups(List.of(GROUP))))
            .groups()
            .getFirst()
            .errorCode();
    short leave =
        world
            .now(
                world.coordinator.leaveGroup(
                    client(5),
                    new LeaveGroupRequestData()
                        .setGroupId(GROUP)
                        .setMembers(List.of(new MemberIdentity().setMemberId("member")))))
            .errorCode();
    return List.of(
        scene.join(9, joinRequest("")),
        scene.sync(scene.syncRequest()),
        scene.heartbeat(GROUP, "member", "", 1),
        Errors.forCode(leave),
        scene.commit(9, GROUP, "", -1),
        Errors.forCode(fetch),
        Errors.forCode(describe),
        scene.deleteGroup(GROUP),
        scene.deleteOffsets(GROUP));
  }
}
