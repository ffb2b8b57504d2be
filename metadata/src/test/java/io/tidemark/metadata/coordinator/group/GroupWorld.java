package io.tidemark.metadata.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.metadata.coordinator.CoordinatorPlatform;
import io.tidemark.metadata.coordinator.FieldWriter;
import io.tidemark.metadata.coordinator.ModelClock;
import io.tidemark.metadata.coordinator.ModelCoordinatorLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A group coordinator on a model clock and log, with one partition, and clients' ways to use it.
 */
final class GroupWorld {
  /** How long a new group takes to form: the delay, and once more for those who came meanwhile. */
  static final int FORMING_MS = 2_000;

  static final GroupConfig CONFIG =
      GroupConfig.DEFAULTS
          .withInitialRebalanceDelayMs(FORMING_MS / 2)
          .withSessionTimeouts(100, 1_800_000);

  static final String GROUP = "readers";
  static final int SESSION_MS = 10_000;
  static final int REBALANCE_MS = 60_000;

  final ModelClock clock = new ModelClock();
  final ModelCoordinatorLog log;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Map<String, KnownTopic> topics = new HashMap<>();
  final GroupCoordinator coordinator;
  private final int partitions;

  GroupWorld() {
    this(CONFIG);
  }

  GroupWorld(GroupConfig config) {
    this(config, 1, 1 << 20, 42);
  }

  GroupWorld(GroupConfig config, int partitions, int maxBatchBytes, long seed) {
    this.partitions = partitions;
    this.log = new ModelCoordinatorLog(maxBatchBytes);
    this.coordinator =
        new GroupCoordinator(
            config,
            log,
            new TopicDirectory() {
              @Override
              public @Nullable KnownTopic byName(String name) {
                return topics.get(name);
              }

              @Override
              public @Nullable KnownTopic byId(Uuid id) {
                return topics.values().stream()
                    .filter(topic -> topic.id().equals(id))
                    .findFirst()
                    .orElse(null);
              }
            },
            () -> partitions,
            new CoordinatorPlatform(clock, clock, clock, new Random(seed), meters));
    topic("orders", 1);
    for (int partition = 0; partition < partitions; partition++) {
      elect(partition, 1);
    }
  }

  KnownTopic topic(String name, long id) {
    KnownTopic topic = new KnownTopic(new Uuid(7, id), name, 8);
    topics.put(name, topic);
    return topic;
  }

  void elect(int partition, int leaderEpoch) {
    log.lead(partition, leaderEpoch);
    coordinator.onElected(partition, leaderEpoch);
    clock.run();
  }

  /** The same node starts anew, or another one takes over. */
  void failOver(int leaderEpoch) {
    for (int partition = 0; partition < partitions; partition++) {
      coordinator.onResigned(partition, leaderEpoch - 1);
      clock.run();
      elect(partition, leaderEpoch);
    }
  }

  /** What the answer is, which must be there. */
  <T> T now(CompletableFuture<T> answer) {
    clock.run();
    assertThat(answer).as("an answer").isDone();
    return answer.join();
  }

  <T> CompletableFuture<T> later(CompletableFuture<T> answer) {
    clock.run();
    assertThat(answer).as("an answer that must wait").isNotDone();
    return answer;
  }

  static ClientContext client(int apiVersion) {
    return new ClientContext("client", "/127.0.0.1", (short) apiVersion);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // ---------------------------------------------------------------- requests

  static JoinGroupRequestData joinRequest(String memberId) {
    return joinRequest(memberId, "range");
  }

  static JoinGroupRequestData joinRequest(String memberId, String... protocols) {
    JoinGroupRequestProtocolCollection offered = new JoinGroupRequestProtocolCollection();
    for (String protocol : protocols) {
      offered.add(
          new JoinGroupRequestProtocol()
              .setName(protocol)
              .setMetadata(subscription(List.of("orders"))));
    }
    return new JoinGroupRequestData()
        .setGroupId(GROUP)
        .setMemberId(memberId)
        .setSessionTimeoutMs(SESSION_MS)
        .setRebalanceTimeoutMs(REBALANCE_MS)
        .setProtocolType("consumer")
        .setProtocols(offered);
  }

  static byte[] subscription(List<String> topics) {
    FieldWriter out = new FieldWriter().int16(0).int32(topics.size());
    topics.forEach(out::string);
    var bytes = out.int32(-1).done();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  CompletableFuture<JoinGroupResponseData> join(JoinGroupRequestData request) {
    return coordinator.joinGroup(client(9), request);
  }

  /** A new dynamic member's two joins; the second's answer. */
  CompletableFuture<JoinGroupResponseData> joinNew() {
    JoinGroupResponseData first = now(join(joinRequest("")));
    assertThat(first.errorCode()).isEqualTo(Errors.MEMBER_ID_REQUIRED.code());
    return join(joinRequest(first.memberId()));
  }

  CompletableFuture<SyncGroupResponseData> sync(
      String memberId, int generation, Map<String, String> assignments) {
    List<SyncGroupRequestAssignment> list = new ArrayList<>();
    assignments.forEach((id, assignment) ->
        list.add(
            new SyncGroupRequestAssignment().setMemberId(id).setAssignment(bytes(assignment))));
    return coordinator.syncGroup(
        client(5),
        new SyncGroupRequestData()
            .setGroupId(GROUP)
            .setMemberId(memberId)
            .setGenerationId(generation)
            .setProtocolType("consumer")
            .setProtocolName("range")
            .setAssignments(list));
  }

  Errors heartbeat(String memberId, int generation) {
    return Errors.forCode(
        now(coordinator.heartbeat(
                client(4),
                new HeartbeatRequestData()
                    .setGroupId(GROUP)
                    .setMemberId(memberId)
                    .setGenerationId(generation)))
            .errorCode());
  }

  Errors leave(String memberId, @Nullable String instanceId) {
    var response =
        now(
            coordinator.leaveGroup(
                client(5),
                new LeaveGroupRequestData()
                    .setGroupId(GROUP)
                    .setMembers(
                        List.of(
                            new MemberIdentity()
                                .setMemberId(memberId)
                                .setGroupInstanceId(instanceId)))));
    assertThat(response.errorCode()).isZero();
    return Errors.forCode(response.members().getFirst().errorCode());
  }

  /** A group of members that is stable; the members in the order they joined, the leader first. */
  List<String> stableGroup(int members) {
    List<CompletableFuture<JoinGroupResponseData>> joins = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      joins.add(joinNew());
    }
    clock.advance(FORMING_MS);
    List<String> ids = new ArrayList<>();
    joins.forEach(join -> ids.add(now(join).memberId()));
    syncAll(ids, generation());
    return ids;
  }

  void syncAll(List<String> ids, int generation) {
    Map<String, String> assignments = new HashMap<>();
    ids.forEach(id -> assignments.put(id, "for " + id));
    List<CompletableFuture<SyncGroupResponseData>> syncs = new ArrayList<>();
    for (String id : ids.reversed()) {
      syncs.add(sync(id, generation, id.equals(ids.getFirst()) ? assignments : Map.of()));
    }
    for (int i = 0; i < ids.size(); i++) {
      SyncGroupResponseData synced = now(syncs.get(i));
      assertThat(synced.errorCode()).isZero();
      assertThat(synced.assignment()).isEqualTo(bytes("for " + ids.reversed().get(i)));
    }
  }

  int generation() {
    return core().groups().get(GROUP).generation();
  }

  GroupState state() {
    Group group = core().groups().find(GROUP);
    return group == null ? GroupState.DEAD : group.state();
  }

  /** The core of partition 0, for tests to look into. */
  GroupCore core() {
    GroupCore[] found = new GroupCore[1];
    coordinator.inspect(0, core -> found[0] = core);
    clock.run();
    assertThat(found[0]).as("an active core").isNotNull();
    return found[0];
  }

  // ---------------------------------------------------------------- offsets

  static OffsetCommitRequestData commitRequest(String memberId, int generation) {
    return new OffsetCommitRequestData()
        .setGroupId(GROUP)
        .setMemberId(memberId)
        .setGenerationIdOrMemberEpoch(generation);
  }

  static OffsetCommitRequestTopic offsets(String topic, Map<Integer, Long> offsets) {
    List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
    offsets.forEach((partition, offset) ->
        partitions.add(
            new OffsetCommitRequestPartition()
                .setPartitionIndex(partition)
                .setCommittedOffset(offset)
                .setCommittedLeaderEpoch(3)
                .setCommittedMetadata("note")));
    return new OffsetCommitRequestTopic().setName(topic).setPartitions(partitions);
  }

  CompletableFuture<OffsetCommitResponseData> commit(
      String memberId, int generation, Map<Integer, Long> offsets) {
    return coordinator.commitOffsets(
        client(9),
        commitRequest(memberId, generation).setTopics(List.of(offsets("orders", offsets))));
  }

  /** The error of the first partition. */
  Errors commitError(CompletableFuture<OffsetCommitResponseData> answer) {
    return Errors.forCode(now(answer).topics().getFirst().partitions().getFirst().errorCode());
  }

  /** A commit of a consumer that assigns partitions itself. */
  Errors commitSimple(int partition, long offset) {
    return commitError(commit("", -1, Map.of(partition, offset)));
  }

  CompletableFuture<OffsetFetchResponseData> fetch(int version, OffsetFetchRequestTopics topic) {
    return coordinator.fetchOffsets(
        client(version),
        new OffsetFetchRequestData()
            .setGroups(
                List.of(
                    new OffsetFetchRequestGroup()
                        .setGroupId(GROUP)
                        .setTopics(Collections.singletonList(topic)))));
  }

  /** The committed offset of a partition of "orders", −1 when there is none. */
  long committed(int partition) {
    return now(fetch(
            9,
            new OffsetFetchRequestTopics()
                .setName("orders")
                .setPartitionIndexes(List.of(partition))))
        .groups()
        .getFirst()
        .topics()
        .getFirst()
        .partitions()
        .getFirst()
        .committedOffset();
  }
}
