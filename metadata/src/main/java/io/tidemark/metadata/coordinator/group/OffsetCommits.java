package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.FieldWriter;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetCommitted;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetPended;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.jspecify.annotations.Nullable;

/**
 * Takes committed offsets, from members of the current generation and from consumers that assign
 * partitions themselves (generation −1, while the group is empty).
 */
final class OffsetCommits {
  /** From this version a missing group has an error of its own. */
  private static final int GROUP_ID_NOT_FOUND_VERSION = 9;

  private static final int TOPIC_ID_VERSION = 10;

  private final GroupConfig config;
  private final int maxRecordBytes;
  private final TopicDirectory topics;
  private final GroupLedger ledger;
  private final Groups groups;
  private final Liveness liveness;
  private final GroupMeters meters;

  OffsetCommits(
      GroupConfig config,
      int maxRecordBytes,
      TopicDirectory topics,
      GroupLedger ledger,
      Groups groups,
      Liveness liveness,
      GroupMeters meters) {
    this.config = config;
    this.maxRecordBytes = maxRecordBytes;
    this.topics = topics;
    this.ledger = ledger;
    this.groups = groups;
    this.liveness = liveness;
    this.meters = meters;
  }

  /** What a request comes to: events to write, unless their records do not fit into a batch. */
  private static final class Plan {
    final boolean byId;
    final @Nullable TransactionalProducer producer;
    final List<GroupEvent> events = new ArrayList<>();
    final List<CoordinatorRecord> records = new ArrayList<>();
    final List<OffsetCommitResponsePartition> accepted = new ArrayList<>();
    long sizeBytes;

    Plan(boolean byId, @Nullable TransactionalProducer producer) {
      this.byId = byId;
      this.producer = producer;
    }

    void add(GroupEvent event, long nowMs, OffsetCommitResponsePartition response) {
      CoordinatorRecord record = GroupRecordCodec.encode(event, nowMs);
      events.add(event);
      records.add(record);
      accepted.add(response);
      sizeBytes += record.sizeBytes();
    }
  }

  void commit(
      Turn turn,
      ClientContext client,
      OffsetCommitRequestData request,
      Answer<OffsetCommitResponseData> answer) {
    Plan plan = new Plan(client.apiVersion() >= TOPIC_ID_VERSION, null);
    turn.answer(answer, carryOut(turn, request, plan, () -> check(client, request)));
  }

  /** What is committed counts once the producer's transaction is committed. */
  OffsetCommitResponseData commitInTransaction(
      Turn turn,
      ClientContext client,
      TransactionalProducer producer,
      OffsetCommitRequestData request) {
    Plan plan = new Plan(TxnOffsetCommitResponse.useTopicIds(client.apiVersion()), producer);
    return carryOut(turn, request, plan, () -> checkTransactional(client, request));
  }

  private OffsetCommitResponseData carryOut(
      Turn turn, OffsetCommitRequestData request, Plan plan, Supplier<@Nullable Group> permission) {
    if (!FieldWriter.fits(request.groupId())) {
      throw Errors.INVALID_GROUP_ID.exception();
    }
    OffsetCommitResponseData response = new OffsetCommitResponseData();
    for (OffsetCommitRequestTopic topic : request.topics()) {
      response.topics().add(plan(turn, request, topic, plan));
    }
    if (!plan.events.isEmpty()) {
      Group group = permission.get();
      if (plan.sizeBytes > maxRecordBytes) {
        plan.accepted.forEach(each -> each.setErrorCode(Errors.INVALID_COMMIT_OFFSET_SIZE.code()));
      } else {
        write(turn, request, group, plan);
      }
    }
    return response;
  }

  private void write(Turn turn, OffsetCommitRequestData request, @Nullable Group known, Plan plan) {
    Group group = known == null ? groups.getOrCreate(request.groupId()) : known;
    if (group.is(GroupState.STABLE) || group.is(GroupState.PREPARING_REBALANCE)) {
      Member member = group.members.find(request.memberId());
      if (member != null) {
        liveness.heardOf(turn, member);
      }
    }
    for (int i = 0; i < plan.events.size(); i++) {
      ledger.write(turn, plan.events.get(i), plan.records.get(i));
    }
    meters.committed(plan.events.size());
  }

  // ---------------------------------------------------------------- who may commit

  /** The group when the sender may commit to it; null when it is a simple one yet to be made. */
  private @Nullable Group check(ClientContext client, OffsetCommitRequestData request) {
    Group group = groups.find(request.groupId());
    int generation = request.generationIdOrMemberEpoch();
    if (group == null) {
      if (generation < 0) {
        return null;
      }
      throw (client.apiVersion() >= GROUP_ID_NOT_FOUND_VERSION
              ? Errors.GROUP_ID_NOT_FOUND
              : Errors.ILLEGAL_GENERATION)
          .exception();
    }
    if (generation < 0 && group.is(GroupState.EMPTY)) {
      return group;
    }
    checkMember(group, generation, request);
    if (group.is(GroupState.COMPLETING_REBALANCE)) {
      // It has the new generation but not its assignment: what it commits is the old one's.
      throw Errors.REBALANCE_IN_PROGRESS.exception();
    }
    return group;
  }

  /** As {@link #check}; older clients do not say who they are, and the transaction is the check. */
  private @Nullable Group checkTransactional(
      ClientContext client, OffsetCommitRequestData request) {
    Group group = groups.find(request.groupId());
    int generation = request.generationIdOrMemberEpoch();
    if (group == null && generation >= 0) {
      throw (TxnOffsetCommitRequest.supportsGroupIdNotFoundError(client.apiVersion())
              ? Errors.GROUP_ID_NOT_FOUND
              : Errors.ILLEGAL_GENERATION)
          .exception();
    }
    if (group == null || (generation < 0 && group.is(GroupState.EMPTY))) {
      return group;
    }
    if (claimsMembership(generation, request)) {
      checkMember(group, generation, request);
    }
    return group;
  }

  private static boolean claimsMembership(int generation, OffsetCommitRequestData request) {
    return generation >= 0 || !request.memberId().isEmpty() || request.groupInstanceId() != null;
  }

  private static void checkMember(Group group, int generation, OffsetCommitRequestData request) {
    if (!claimsMembership(generation, request)) {
      throw Errors.UNKNOWN_MEMBER_ID.exception();
    }
    group.members.check(request.memberId(), request.groupInstanceId());
    if (generation != group.generation()) {
      throw Errors.ILLEGAL_GENERATION.exception();
    }
  }

  // ---------------------------------------------------------------- what is committed

  private OffsetCommitResponseTopic plan(
      Turn turn, OffsetCommitRequestData request, OffsetCommitRequestTopic asked, Plan plan) {
    boolean byId = plan.byId;
    KnownTopic topic = byId ? topics.byId(asked.topicId()) : topics.byName(asked.name());
    OffsetCommitResponseTopic response =
        new OffsetCommitResponseTopic()
            .setName(topic == null ? asked.name() : topic.name())
            .setTopicId(byId || topic == null ? asked.topicId() : topic.id());
    for (OffsetCommitRequestPartition partition : asked.partitions()) {
      Errors error = check(topic, byId, partition);
      OffsetCommitResponsePartition answer =
          new OffsetCommitResponsePartition()
              .setPartitionIndex(partition.partitionIndex())
              .setErrorCode(error.code());
      response.partitions().add(answer);
      if (error == Errors.NONE && topic != null) {
        CommittedOffset offset = offset(turn, request, partition, topic.id());
        plan.add(
            event(plan, request.groupId(), topic.name(), partition.partitionIndex(), offset),
            turn.wallClockMs(),
            answer);
      }
    }
    return response;
  }

  private static GroupEvent event(
      Plan plan, String groupId, String topic, int partition, CommittedOffset offset) {
    TransactionalProducer producer = plan.producer;
    return producer == null
        ? new OffsetCommitted(groupId, topic, partition, offset)
        : new OffsetPended(producer, groupId, topic, partition, offset);
  }

  private Errors check(
      @Nullable KnownTopic topic, boolean byId, OffsetCommitRequestPartition partition) {
    if (topic == null) {
      return byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    if (partition.partitionIndex() < 0 || partition.partitionIndex() >= topic.partitionCount()) {
      return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    String metadata = partition.committedMetadata();
    boolean fits =
        metadata == null
            || (metadata.length() <= config.offsetMetadataMaxBytes() && FieldWriter.fits(metadata));
    return fits ? Errors.NONE : Errors.OFFSET_METADATA_TOO_LARGE;
  }

  private static CommittedOffset offset(
      Turn turn,
      OffsetCommitRequestData request,
      OffsetCommitRequestPartition partition,
      Uuid topicId) {
    long nowMs = turn.wallClockMs();
    long retentionMs = request.retentionTimeMs();
    String metadata = partition.committedMetadata();
    return new CommittedOffset(
        partition.committedOffset(),
        partition.committedLeaderEpoch(),
        metadata == null ? "" : metadata,
        nowMs,
        retentionMs == OffsetCommitRequest.DEFAULT_RETENTION_TIME
            ? CommittedOffset.NO_EXPIRY
            : nowMs + retentionMs,
        topicId);
  }
}
