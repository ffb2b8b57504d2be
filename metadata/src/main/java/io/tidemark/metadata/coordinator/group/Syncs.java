package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.Turn;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Members that ask for their assignment, and the leader that brings everybody's. */
final class Syncs {
  private final Groups groups;
  private final Rebalances rebalances;

  Syncs(Groups groups, Rebalances rebalances) {
    this.groups = groups;
    this.rebalances = rebalances;
  }

  void sync(Turn turn, SyncGroupRequestData request, Answer<SyncGroupResponseData> answer) {
    Group group = groups.ofMember(request.groupId());
    check(group, request);
    Member member = group.members.get(request.memberId());
    switch (group.state()) {
      case PREPARING_REBALANCE -> throw Errors.REBALANCE_IN_PROGRESS.exception();
      case COMPLETING_REBALANCE -> awaitAssignment(turn, group, member, request, answer);
      case STABLE -> {
        rebalances.synced(group, member);
        turn.answer(answer, Responses.synced(group, member));
      }
      case EMPTY, DEAD -> throw Errors.UNKNOWN_MEMBER_ID.exception();
    }
  }

  private static void check(Group group, SyncGroupRequestData request) {
    group.members.check(request.memberId(), request.groupInstanceId());
    if (request.generationId() != group.generation()) {
      throw Errors.ILLEGAL_GENERATION.exception();
    }
    if (contradicts(request.protocolType(), group.protocolType())
        || contradicts(request.protocolName(), group.protocolName())) {
      throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception();
    }
  }

  private static boolean contradicts(@Nullable String said, @Nullable String known) {
    return said != null && known != null && !said.equals(known);
  }

  private void awaitAssignment(
      Turn turn,
      Group group,
      Member member,
      SyncGroupRequestData request,
      Answer<SyncGroupResponseData> answer) {
    Answer<SyncGroupResponseData> earlier = member.awaitedSync();
    if (earlier != null) {
      turn.answer(earlier, Responses.syncRefused(Errors.REBALANCE_IN_PROGRESS));
    }
    member.awaitSync(answer);
    rebalances.synced(group, member);
    if (group.members.isLeader(member.id)) {
      assign(group, request);
      rebalances.stabilize(turn, group);
    }
  }

  /** Members the leader left out get an empty assignment; strangers it assigned to get nothing. */
  private static void assign(Group group, SyncGroupRequestData request) {
    Map<String, byte[]> assignments = new HashMap<>();
    request.assignments().forEach(each -> assignments.put(each.memberId(), each.assignment()));
    for (Member member : group.members.view()) {
      member.setAssignment(assignments.getOrDefault(member.id, Member.NO_ASSIGNMENT));
    }
  }
}
