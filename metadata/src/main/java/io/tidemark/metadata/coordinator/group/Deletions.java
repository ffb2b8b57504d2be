package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetErased;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteResponse;

/** Groups and offsets that go because somebody says so, or because their topic is gone. */
final class Deletions {
  private final GroupLedger ledger;
  private final Groups groups;
  private final GroupMeters meters;

  Deletions(GroupLedger ledger, Groups groups, GroupMeters meters) {
    this.ledger = ledger;
    this.groups = groups;
    this.meters = meters;
  }

  // ---------------------------------------------------------------- groups

  void deleteGroups(Turn turn, List<String> groupIds, Answer<List<DeletableGroupResult>> answer) {
    List<DeletableGroupResult> results = new ArrayList<>();
    for (String groupId : groupIds) {
      Errors error = deleteGroup(turn, groupId);
      results.add(result(groupId, error));
    }
    turn.answer(answer, results);
  }

  /** What became of a group; an error comes with its words. */
  static DeletableGroupResult result(String groupId, Errors error) {
    return new DeletableGroupResult()
        .setGroupId(groupId)
        .setErrorCode(error.code())
        .setErrorMessage(error == Errors.NONE ? null : error.message());
  }

  private Errors deleteGroup(Turn turn, String groupId) {
    Group group = groups.find(groupId);
    if (group == null) {
      return Errors.GROUP_ID_NOT_FOUND;
    }
    if (!group.is(GroupState.EMPTY)) {
      return Errors.NON_EMPTY_GROUP;
    }
    for (var topic : List.copyOf(ledger.offsets(groupId).byTopic().entrySet())) {
      erase(turn, groupId, topic.getKey(), new HashSet<>(topic.getValue().keySet()));
    }
    for (OffsetKey key : ledger.pending().ofGroup(groupId).keySet()) {
      erase(turn, groupId, key.topic(), Set.of(key.partition()));
    }
    groups.delete(turn, group);
    return Errors.NONE;
  }

  // ---------------------------------------------------------------- offsets

  void deleteOffsets(
      Turn turn, OffsetDeleteRequestData request, Answer<OffsetDeleteResponseData> answer) {
    Group group = groups.get(request.groupId());
    boolean hasMembers = !group.is(GroupState.EMPTY);
    if (hasMembers && !group.usesConsumerProtocol()) {
      // What its members read cannot be known.
      throw Errors.NON_EMPTY_GROUP.exception();
    }
    OffsetDeleteResponse.Builder response = new OffsetDeleteResponse.Builder();
    for (OffsetDeleteRequestTopic topic : request.topics()) {
      Errors error =
          group.isSubscribedTo(topic.name()) ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE;
      response.addPartitions(
          topic.name(), topic.partitions(), OffsetDeleteRequestPartition::partitionIndex, error);
      if (error == Errors.NONE) {
        erase(turn, group.id, topic);
      }
    }
    turn.answer(answer, response.build().data());
  }

  private void erase(Turn turn, String groupId, OffsetDeleteRequestTopic topic) {
    Set<Integer> known = new HashSet<>();
    for (OffsetDeleteRequestPartition partition : topic.partitions()) {
      if (ledger.offsets(groupId).get(topic.name(), partition.partitionIndex()) != null) {
        known.add(partition.partitionIndex());
      }
    }
    erase(turn, groupId, topic.name(), known);
  }

  // ---------------------------------------------------------------- topics

  /**
   * Drops what was committed for these topics, and nothing committed for later ones of the name.
   */
  void topicsDeleted(Turn turn, Collection<KnownTopic> deleted) {
    Map<String, KnownTopic> byName = new HashMap<>();
    deleted.forEach(topic -> byName.put(topic.name(), topic));
    for (String groupId : List.copyOf(ledger.groupsWithOffsets())) {
      for (KnownTopic topic : byName.values()) {
        Set<Integer> gone = new HashSet<>();
        ledger
            .offsets(groupId)
            .ofTopic(topic.name())
            .forEach((partition, offset) -> {
              if (!offset.isForAnotherThan(topic.id())) {
                gone.add(partition);
              }
            });
        erase(turn, groupId, topic.name(), gone);
      }
    }
    for (String groupId : ledger.pending().groups()) {
      erasePending(turn, groupId, byName);
    }
  }

  private void erasePending(Turn turn, String groupId, Map<String, KnownTopic> deleted) {
    ledger
        .pending()
        .ofGroup(groupId)
        .forEach((key, offset) -> {
          KnownTopic topic = deleted.get(key.topic());
          if (topic != null && !offset.isForAnotherThan(topic.id())) {
            erase(turn, groupId, key.topic(), Set.of(key.partition()));
          }
        });
  }

  private void erase(Turn turn, String groupId, String topic, Set<Integer> partitions) {
    for (int partition : partitions) {
      ledger.write(turn, new OffsetErased(groupId, topic, partition));
    }
    meters.deleted(partitions.size());
  }
}
