package io.tidemark.tests.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.gateway.config.HostPort;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group of the classic protocol. The group's leader gives every member some of the
 * partitions; a member commits greater and greater offsets for its own, and checks that none it
 * finds committed is smaller than one that was acknowledged to anybody.
 */
final class GroupMember {
  private static final int SESSION_MS = 6_000;
  private static final int REBALANCE_MS = 10_000;

  private final ClusterClient client;
  private final String group;
  private final String topic;
  private final int partitions;
  private final ClusterHistory history;
  private String memberId = "";
  private int generation = -1;
  private List<Integer> assigned = List.of();
  private @Nullable HostPort coordinator;

  GroupMember(
      ClusterClient client, String group, String topic, int partitions, ClusterHistory history) {
    this.client = client;
    this.group = group;
    this.topic = topic;
    this.partitions = partitions;
    this.history = history;
  }

  /** Joins where it has to, looks at what is committed, commits more. */
  void work() {
    if (generation < 0 && !join()) {
      client.pause();
      return;
    }
    for (int partition : assigned) {
      if (generation >= 0) {
        commitMore(partition);
      }
    }
    if (generation >= 0) {
      heartbeat();
    }
    client.pause();
  }

  private @Nullable ApiMessage ask(ApiKeys key, ApiMessage request) {
    HostPort known = coordinator;
    if (known == null) {
      known = client.coordinator(group);
      coordinator = known;
    }
    if (client.ask(known, key, request) instanceof Outcome.Answered(ApiMessage body)) {
      return body;
    }
    coordinator = null;
    return null;
  }

  /** What a member does about an error of any of its requests; true when there was none. */
  private boolean isFine(short code) {
    Errors error = Errors.forCode(code);
    switch (error) {
      case NONE -> {
        return true;
      }
      case UNKNOWN_MEMBER_ID -> {
        memberId = "";
        generation = -1;
      }
      case ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS -> generation = -1;
      default -> {
        ClusterClient.checkRetriable(error, "A member's request");
        coordinator = null;
      }
    }
    return false;
  }

  // ---- joining

  private boolean join() {
    JoinGroupRequestData request =
        new JoinGroupRequestData()
            .setGroupId(group)
            .setSessionTimeoutMs(SESSION_MS)
            .setRebalanceTimeoutMs(REBALANCE_MS)
            .setMemberId(memberId)
            .setProtocolType("consumer");
    request
        .protocols()
        .add(
            new JoinGroupRequestData.JoinGroupRequestProtocol()
                .setName("simulated")
                .setMetadata(new byte[0]));
    JoinGroupResponseData answer = (JoinGroupResponseData) ask(ApiKeys.JOIN_GROUP, request);
    if (answer == null) {
      return false;
    }
    if (answer.errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
      memberId = answer.memberId();
      return false;
    }
    return isFine(answer.errorCode()) && sync(answer);
  }

  private boolean sync(JoinGroupResponseData joined) {
    memberId = joined.memberId();
    List<SyncGroupRequestData.SyncGroupRequestAssignment> assignments = new ArrayList<>();
    if (joined.leader().equals(memberId)) {
      for (int i = 0; i < joined.members().size(); i++) {
        assignments.add(
            new SyncGroupRequestData.SyncGroupRequestAssignment()
                .setMemberId(joined.members().get(i).memberId())
                .setAssignment(share(i, joined.members().size()).getBytes(UTF_8)));
      }
    }
    SyncGroupResponseData answer =
        (SyncGroupResponseData)
            ask(
                ApiKeys.SYNC_GROUP,
                new SyncGroupRequestData()
                    .setGroupId(group)
                    .setGenerationId(joined.generationId())
                    .setMemberId(memberId)
                    .setProtocolType("consumer")
                    .setProtocolName("simulated")
                    .setAssignments(assignments));
    if (answer == null || !isFine(answer.errorCode())) {
      return false;
    }
    generation = joined.generationId();
    assigned = new ArrayList<>();
    for (String each : new String(answer.assignment(), UTF_8).split(",", -1)) {
      if (!each.isEmpty()) {
        assigned.add(Integer.parseInt(each));
      }
    }
    return true;
  }

  private String share(int member, int members) {
    StringBuilder share = new StringBuilder();
    for (int partition = member; partition < partitions; partition += members) {
      share.append(partition).append(',');
    }
    return share.toString();
  }

  private void heartbeat() {
    HeartbeatResponseData answer =
        (HeartbeatResponseData)
            ask(
                ApiKeys.HEARTBEAT,
                new HeartbeatRequestData()
                    .setGroupId(group)
                    .setGenerationId(generation)
                    .setMemberId(memberId));
    if (answer != null) {
      isFine(answer.errorCode());
    }
  }

  // ---- offsets

  private void commitMore(int partition) {
    TopicPartition where = new TopicPartition(topic, partition);
    long acknowledged = history.committedOffset(group, where);
    Long found = committed(partition);
    if (found == null) {
      return;
    }
    if (found < acknowledged) {
      history.anomaly(
          "%s of %s was committed at %d and is at %d".formatted(where, group, acknowledged, found));
    }
    commit(partition, found + 1);
  }

  /** What the coordinator has, −1 for nothing; null when it did not say. */
  @Nullable Long committed(int partition) {
    ClusterClient.TopicView view = client.topic(topic);
    if (view == null) {
      return null;
    }
    OffsetFetchRequestData request = new OffsetFetchRequestData().setRequireStable(true);
    OffsetFetchRequestData.OffsetFetchRequestTopics asked =
        new OffsetFetchRequestData.OffsetFetchRequestTopics()
            .setName(topic)
            .setTopicId(view.id())
            .setPartitionIndexes(List.of(partition));
    request
        .groups()
        .add(
            new OffsetFetchRequestData.OffsetFetchRequestGroup()
                .setGroupId(group)
                .setMemberId(generation < 0 ? null : memberId)
                .setMemberEpoch(generation)
                .setTopics(List.of(asked)));
    OffsetFetchResponseData answer = (OffsetFetchResponseData) ask(ApiKeys.OFFSET_FETCH, request);
    if (answer == null) {
      return null;
    }
    OffsetFetchResponseData.OffsetFetchResponseGroup of = answer.groups().getFirst();
    if (!isFine(of.errorCode())) {
      return null;
    }
    OffsetFetchResponseData.OffsetFetchResponsePartitions got =
        of.topics().getFirst().partitions().getFirst();
    return isFine(got.errorCode()) ? got.committedOffset() : null;
  }

  private void commit(int partition, long offset) {
    ClusterClient.TopicView view = client.topic(topic);
    if (view == null) {
      return;
    }
    OffsetCommitRequestData.OffsetCommitRequestTopic committed =
        new OffsetCommitRequestData.OffsetCommitRequestTopic()
            .setName(topic)
            .setTopicId(view.id())
            .setPartitions(
                List.of(
                    new OffsetCommitRequestData.OffsetCommitRequestPartition()
                        .setPartitionIndex(partition)
                        .setCommittedOffset(offset)));
    OffsetCommitResponseData answer =
        (OffsetCommitResponseData)
            ask(
                ApiKeys.OFFSET_COMMIT,
                new OffsetCommitRequestData()
                    .setGroupId(group)
                    .setGenerationIdOrMemberEpoch(generation)
                    .setMemberId(memberId)
                    .setTopics(List.of(committed)));
    if (answer != null && isFine(answer.topics().getFirst().partitions().getFirst().errorCode())) {
      history.committed(group, new TopicPartition(topic, partition), offset);
    }
  }
}
