package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.Deadline;
import io.tidemark.metadata.coordinator.Deadlines;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.Member.ClientAddress;
import io.tidemark.metadata.coordinator.group.Member.Terms;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is alive: heartbeats, and what happens when they stay away. */
final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final Groups groups;
  private final Rebalances rebalances;
  private final Liveness liveness;
  private final Deadlines deadlines;

  Sessions(Groups groups, Rebalances rebalances, Liveness liveness, Deadlines deadlines) {
    this.groups = groups;
    this.rebalances = rebalances;
    this.liveness = liveness;
    this.deadlines = deadlines;
  }

  Member newMember(
      String groupId,
      String memberId,
      @Nullable String instanceId,
      ClientAddress client,
      Terms terms) {
    Deadline session = deadlines.create(turn -> expire(turn, groupId, memberId));
    return new Member(memberId, instanceId, client, session, terms);
  }

  void heartbeat(Turn turn, HeartbeatRequestData request, Answer<HeartbeatResponseData> answer) {
    Group group = groups.ofMember(request.groupId());
    group.members.check(request.memberId(), request.groupInstanceId());
    if (request.generationId() != group.generation()) {
      throw Errors.ILLEGAL_GENERATION.exception();
    }
    liveness.heardOf(turn, group.members.get(request.memberId()));
    Errors error =
        group.is(GroupState.PREPARING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    turn.answer(answer, new HeartbeatResponseData().setErrorCode(error.code()));
  }

  // ---------------------------------------------------------------- ids given out

  /** Gives out an id; it has a session to come back with it. */
  void expectMember(Turn turn, Group group, String memberId, int sessionTimeoutMs) {
    Deadline expiry = deadlines.create(late -> expirePending(late, group.id, memberId));
    group.members.addPending(memberId, expiry);
    liveness.expect(turn, expiry, sessionTimeoutMs);
  }

  private void expirePending(Turn turn, String groupId, String memberId) {
    Group group = groups.find(groupId);
    if (group != null) {
      forgetPending(turn, group, memberId);
    }
  }

  /** Takes back an id given out; a rebalance may have waited for it only. */
  void forgetPending(Turn turn, Group group, String memberId) {
    Deadline expiry = group.members.removePending(memberId);
    if (expiry != null) {
      liveness.forget(expiry);
      rebalances.completeIfAllJoined(turn, group);
      groups.dropIfVain(group);
    }
  }

  // ---------------------------------------------------------------- sessions that end

  private void expire(Turn turn, String groupId, String memberId) {
    Group group = groups.find(groupId);
    Member member = group == null ? null : group.members.find(memberId);
    if (group == null || member == null || member.isExcusedFromHeartbeat()) {
      return;
    }
    LOG.info("Group {} removes {}, whose session has expired", groupId, memberId);
    rebalances.remove(turn, group, member, Errors.UNKNOWN_MEMBER_ID);
    rebalances.prepareOrComplete(turn, group, "the session of " + memberId + " expired");
  }
}
