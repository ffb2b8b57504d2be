package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.jspecify.annotations.Nullable;

/**
 * Tells committed offsets. An offset committed for a topic that was deleted is not that of the
 * topic which has its name now: where the ids are known and differ there is none.
 *
 * <p>Classic groups have no member epoch to check. {@code requireStable} holds back offsets of open
 * transactions; every answer waits for the commit of what it says anyway.
 */
final class OffsetFetches {
  private static final int TOPIC_ID_VERSION = 10;

  private final TopicDirectory topics;
  private final GroupLedger ledger;

  OffsetFetches(TopicDirectory topics, GroupLedger ledger) {
    this.topics = topics;
    this.ledger = ledger;
  }

  void fetch(
      Turn turn,
      ClientContext client,
      OffsetFetchRequestGroup request,
      boolean requireStable,
      Answer<OffsetFetchResponseGroup> answer) {
    boolean byId = client.apiVersion() >= TOPIC_ID_VERSION;
    GroupOffsets offsets = ledger.offsets(request.groupId());
    List<OffsetFetchResponseTopics> found = new ArrayList<>();
    if (request.topics() == null) {
      offsets.byTopic().forEach((topic, of) -> addAll(topic, of, byId, found));
    } else {
      request.topics().forEach(topic -> found.add(fetch(offsets, topic, byId)));
    }
    if (requireStable && ledger.pending().hasAny(request.groupId())) {
      found.forEach(topic -> holdBack(request.groupId(), topic));
    }
    turn.answer(
        answer, new OffsetFetchResponseGroup().setGroupId(request.groupId()).setTopics(found));
  }

  /** What an open transaction may change is not told to who asks for what is decided. */
  private void holdBack(String groupId, OffsetFetchResponseTopics topic) {
    topic
        .partitions()
        .replaceAll(partition -> {
          OffsetKey key = new OffsetKey(groupId, topic.name(), partition.partitionIndex());
          return partition.errorCode() == Errors.NONE.code() && ledger.pending().isPending(key)
              ? absent(partition.partitionIndex())
                  .setErrorCode(Errors.UNSTABLE_OFFSET_COMMIT.code())
              : partition;
        });
  }

  private OffsetFetchResponseTopics fetch(
      GroupOffsets offsets, OffsetFetchRequestTopics asked, boolean byId) {
    KnownTopic topic = byId ? topics.byId(asked.topicId()) : topics.byName(asked.name());
    OffsetFetchResponseTopics response =
        new OffsetFetchResponseTopics()
            .setName(topic == null ? asked.name() : topic.name())
            .setTopicId(asked.topicId());
    for (int partition : asked.partitionIndexes()) {
      if (byId && topic == null) {
        response.partitions().add(absent(partition).setErrorCode(Errors.UNKNOWN_TOPIC_ID.code()));
      } else {
        CommittedOffset offset =
            offsets.get(topic == null ? asked.name() : topic.name(), partition);
        Uuid currentId = topic == null ? Uuid.ZERO_UUID : topic.id();
        response.partitions().add(present(partition, offset, currentId));
      }
    }
    return response;
  }

  private void addAll(
      String name,
      Map<Integer, CommittedOffset> offsets,
      boolean byId,
      List<OffsetFetchResponseTopics> found) {
    KnownTopic topic = topics.byName(name);
    if (byId && topic == null) {
      return;
    }
    Uuid currentId = topic == null ? Uuid.ZERO_UUID : topic.id();
    OffsetFetchResponseTopics response =
        new OffsetFetchResponseTopics().setName(name).setTopicId(currentId);
    offsets.forEach((partition, offset) -> {
      if (!offset.isForAnotherThan(currentId)) {
        response.partitions().add(present(partition, offset, currentId));
      }
    });
    if (!response.partitions().isEmpty()) {
      found.add(response);
    }
  }

  private static OffsetFetchResponsePartitions present(
      int partition, @Nullable CommittedOffset offset, Uuid currentId) {
    if (offset == null || offset.isForAnotherThan(currentId)) {
      return absent(partition);
    }
    return new OffsetFetchResponsePartitions()
        .setPartitionIndex(partition)
        .setCommittedOffset(offset.offset())
        .setCommittedLeaderEpoch(offset.leaderEpoch())
        .setMetadata(offset.metadata());
  }

  private static OffsetFetchResponsePartitions absent(int partition) {
    return new OffsetFetchResponsePartitions()
        .setPartitionIndex(partition)
        .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
        .setCommittedLeaderEpoch(CommittedOffset.NO_EPOCH)
        .setMetadata(OffsetFetchResponse.NO_METADATA);
  }
}
