package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.GROUP;
import static io.tidemark.metadata.coordinator.group.GroupWorld.client;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every answer, good or bad, can be said in the version it was asked in. */
final class VersionsTest {
  /** An API: how it is asked of the group, by version, and how the coordinator takes it. */
  record Api<T extends ApiMessage>(
      ApiKeys key,
      int from,
      int to,
      BiFunction<GroupWorld, Integer, T> request,
      Function<
              GroupCoordinator,
              BiFunction<ClientContext, T, CompletableFuture<? extends ApiMessage>>>
          call) {
    ApiMessage ask(GroupWorld world, int version) {
      T asked = request.apply(world, version);
      MessageUtil.toByteBufferAccessor(asked, (short) version);
      return world.now(call.apply(world.coordinator).apply(client(version), asked));
    }

    @Override
    public String toString() {
      return key.name;
    }
  }

  static Stream<Arguments> versions() {
    return apis()
        .flatMap(api ->
            IntStream.rangeClosed(api.from(), api.to())
                .mapToObj(version -> Arguments.of(api, version)));
  }

  private static String member(GroupWorld world) {
    Group group = world.core().groups().find(GROUP);
    return group == null || group.members.isEmpty() ? "nobody" : group.members.all().getFirst().id;
  }

  private static Stream<Api<?>> apis() {
    return Stream.of(
        new Api<>(
            ApiKeys.JOIN_GROUP,
            0,
            9,
            (world, version) -> {
              var request = GroupWorld.joinRequest(member(world));
              return version == 0
                  ? request.setRebalanceTimeoutMs(-1)
                  : request.setRebalanceTimeoutMs(1_000);
            },
            coordinator -> coordinator::joinGroup),
        new Api<>(
            ApiKeys.SYNC_GROUP,
            0,
            5,
            (world, version) -> {
              var request =
                  new SyncGroupRequestData()
                      .setGroupId(GROUP)
                      .setMemberId(member(world))
                      .setGenerationId(1);
              return version < 5
                  ? request
                  : request.setProtocolType("consumer").setProtocolName("range");
            },
            coordinator -> coordinator::syncGroup),
        new Api<>(
            ApiKeys.HEARTBEAT,
            0,
            4,
            (world, version) ->
                new HeartbeatRequestData()
                    .setGroupId(GROUP)
                    .setMemberId(member(world))
                    .setGenerationId(1),
            coordinator -> coordinator::heartbeat),
        new Api<>(
            ApiKeys.LEAVE_GROUP,
            0,
            5,
            (world, version) -> {
              var request = new LeaveGroupRequestData().setGroupId(GROUP);
              return version < 3
                  ? request.setMemberId(member(world))
                  : request.setMembers(List.of(new MemberIdentity().setMemberId(member(world))));
            },
            coordinator -> coordinator::leaveGroup),
        new Api<>(
            ApiKeys.OFFSET_COMMIT,
            2,
            10,
            (world, version) -> {
              var topic = GroupWorld.offsets("orders", Map.of(0, 1L));
              topic.setTopicId(world.topic("orders", 1).id());
              return GroupWorld.commitRequest(member(world), 1).setTopics(List.of(topic));
            },
            coordinator -> coordinator::commitOffsets),
        new Api<>(
            ApiKeys.OFFSET_FETCH,
            1,
            10,
            (world, version) ->
                version < 8
                    ? new OffsetFetchRequestData()
                        .setGroupId(GROUP)
                        .setTopics(
                            List.of(
                                new OffsetFetchRequestTopic()
                                    .setName("orders")
                                    .setPartitionIndexes(List.of(0))))
                    : new OffsetFetchRequestData()
                        .setGroups(
                            List.of(
                                new OffsetFetchRequestGroup()
                                    .setGroupId(GROUP)
                                    .setTopics(
                                        List.of(
                                            new OffsetFetchRequestTopics()
                                                .setName("orders")
                                                .setTopicId(world.topic("orders", 1).id())
                                                .setPartitionIndexes(List.of(0)))))),
            coordinator -> coordinator::fetchOffsets),
        new Api<>(
            ApiKeys.DESCRIBE_GROUPS,
            0,
            6,
            (world, version) -> new DescribeGroupsRequestData().setGroups(List.of(GROUP)),
            coordinator -> coordinator::describeGroups),
        new Api<>(
            ApiKeys.LIST_GROUPS,
            0,
            5,
            (world, version) -> new ListGroupsRequestData(),
            coordinator -> coordinator::listGroups),
        new Api<>(
            ApiKeys.DELETE_GROUPS,
            0,
            3,
            (world, version) -> new DeleteGroupsRequestData().setGroupsNames(List.of(GROUP)),
            coordinator -> coordinator::deleteGroups),
        new Api<>(
            ApiKeys.OFFSET_DELETE,
            0,
            0,
            (world, version) -> new OffsetDeleteRequestData().setGroupId(GROUP),
            coordinator -> coordinator::deleteOffsets));
  }

  @ParameterizedTest(name = "{0} v{1}")
  @MethodSource("versions")
  void everyAnswerCanBeWrittenInItsVersion(Api<?> api, int version) {
    GroupWorld stable = new GroupWorld();
    stable.stableGroup(1);
    GroupWorld resigned = new GroupWorld();
    resigned.coordinator.onResigned(0, 1);
    GroupWorld loading = new GroupWorld();
    loading.log.holdLoads();
    loading.elect(0, 2);
    List<ApiMessage> answers = new ArrayList<>();
    answers.add(api.ask(new GroupWorld(), version));
    answers.add(api.ask(stable, version));
    if (api.key() == ApiKeys.OFFSET_FETCH || api.key() == ApiKeys.LIST_GROUPS) {
      answers.add(api.ask(stable, version));
    }
    List<GroupWorld> absent = List.of(new GroupWorld(GroupWorld.CONFIG, 0, 1 << 20, 1));
    absent.forEach(world -> answers.add(askWithoutCore(api, world, version)));
    answers.add(askWithoutCore(api, resigned, version));
    answers.add(askWithoutCore(api, loading, version));

    for (ApiMessage answer : answers) {
      ByteBuffer written = MessageUtil.toByteBufferAccessor(answer, (short) version).buffer();
      assertThat(written.remaining()).isPositive();
      AbstractResponse read =
          AbstractResponse.parseResponse(
              api.key(), new ByteBufferAccessor(written), (short) version);
      assertThat(read.apiKey()).isEqualTo(api.key());
    }
  }

  /** Asks with the request of a group nobody is in, of a world that cannot be looked into. */
  private static <T extends ApiMessage> ApiMessage askWithoutCore(
      Api<T> api, GroupWorld world, int version) {
    T request = api.request().apply(new GroupWorld(), version);
    return world.now(api.call().apply(world.coordinator).apply(client(version), request));
  }

  @Test
  void anOlderLeaveHasItsErrorAtTheTop() {
    GroupWorld world = new GroupWorld();
    world.stableGroup(1);
    var response =
        world.now(
            world.coordinator.leaveGroup(
                client(1), new LeaveGroupRequestData().setGroupId(GROUP).setMemberId("stranger")));

    assertThat(response.errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
  }

  @Test
  void theFirstFetchVersionHasItsErrorsInThePartitions() {
    GroupWorld world = new GroupWorld();
    world.coordinator.onResigned(0, 1);
    var response =
        world.now(
            world.coordinator.fetchOffsets(
                client(1),
                new OffsetFetchRequestData()
                    .setGroupId(GROUP)
                    .setTopics(
                        List.of(
                            new OffsetFetchRequestTopic()
                                .setName("orders")
                                .setPartitionIndexes(List.of(0))))));

    assertThat(response.topics().getFirst().partitions().getFirst().errorCode())
        .isEqualTo(Errors.NOT_COORDINATOR.code());
  }
}
