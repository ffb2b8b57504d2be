package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.Turn;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Members that leave by themselves, and static ones an administrator removes by instance id. */
final class Leaves {
  private static final Logger LOG = LoggerFactory.getLogger(Leaves.class);

  private final Groups groups;
  private final Rebalances rebalances;
  private final Sessions sessions;

  Leaves(Groups groups, Rebalances rebalances, Sessions sessions) {
    this.groups = groups;
    this.rebalances = rebalances;
    this.sessions = sessions;
  }

  void leave(Turn turn, LeaveGroupRequestData request, Answer<LeaveGroupResponseData> answer) {
    Group group = groups.find(request.groupId());
    List<MemberResponse> responses = new ArrayList<>();
    boolean anyLeft = false;
    for (MemberIdentity identity : request.members()) {
      Errors error = group == null ? Errors.UNKNOWN_MEMBER_ID : leave(turn, group, identity);
      anyLeft |= error == Errors.NONE;
      responses.add(response(identity, error));
    }
    if (group != null && anyLeft) {
      goOnWithout(turn, group, responses.size());
    }
    turn.answer(answer, new LeaveGroupResponseData().setMembers(responses));
  }

  private static MemberResponse response(MemberIdentity identity, Errors error) {
    return new MemberResponse()
        .setMemberId(identity.memberId())
        .setGroupInstanceId(identity.groupInstanceId())
        .setErrorCode(error.code());
  }

  private Errors leave(Turn turn, Group group, MemberIdentity identity) {
    if (group.members.isPending(identity.memberId())) {
      sessions.forgetPending(turn, group, identity.memberId());
      return Errors.NONE;
    }
    try {
      Member member = find(group, identity);
      LOG.info("{} leaves group {}: {}", member.id, group.id, reason(identity.reason()));
      rebalances.remove(turn, group, member, Errors.UNKNOWN_MEMBER_ID);
      return Errors.NONE;
    } catch (ApiException unknown) {
      return Errors.forException(unknown);
    }
  }

  private static Member find(Group group, MemberIdentity identity) {
    String instanceId = identity.groupInstanceId();
    if (!identity.memberId().equals(JoinGroupRequest.UNKNOWN_MEMBER_ID)) {
      group.members.check(identity.memberId(), instanceId);
      return group.members.get(identity.memberId());
    }
    String memberId = instanceId == null ? null : group.members.idOfInstance(instanceId);
    if (memberId == null) {
      throw Errors.UNKNOWN_MEMBER_ID.exception();
    }
    return group.members.get(memberId);
  }

  private static String reason(@Nullable String given) {
    return given == null || given.isEmpty() ? "not provided" : given;
  }

  private void goOnWithout(Turn turn, Group group, int leavers) {
    switch (group.state()) {
      case STABLE, COMPLETING_REBALANCE ->
          rebalances.prepareOrComplete(turn, group, leavers + " members left");
      case PREPARING_REBALANCE -> rebalances.completeIfAllJoined(turn, group);
      case EMPTY, DEAD -> {}
    }
  }
}
