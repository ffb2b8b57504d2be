package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.GroupEvent.GroupWritten;
import io.tidemark.metadata.coordinator.group.Joins.Join;
import io.tidemark.metadata.coordinator.group.Member.ClientAddress;
import io.tidemark.metadata.coordinator.group.Member.Protocol;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Static members that come back without their member id: a new incarnation takes the place of the
 * one known under that instance id, which is fenced. A stable group goes on undisturbed as long as
 * its protocol stays the same.
 */
final class StaticJoins {
  private static final Logger LOG = LoggerFactory.getLogger(StaticJoins.class);

  private final GroupLedger ledger;
  private final Rebalances rebalances;
  private final Sessions sessions;
  private final Liveness liveness;

  StaticJoins(GroupLedger ledger, Rebalances rebalances, Sessions sessions, Liveness liveness) {
    this.ledger = ledger;
    this.rebalances = rebalances;
    this.sessions = sessions;
    this.liveness = liveness;
  }

  void replace(Turn turn, Group group, Member old, String memberId, Join join) {
    String leaderBefore = group.members.leaderId();
    LOG.info("Group {}: {} takes the place of {}", group.id, memberId, old.id);
    Member member = takePlace(turn, group, old, memberId);
    group.members.update(member, join.terms(), join.answer());
    liveness.heardOf(turn, member);
    switch (group.state()) {
      case STABLE -> {
        if (group.members.selectProtocol().equals(group.protocolName())) {
          goOn(turn, group, member, leaderBefore, join);
        } else {
          rebalances.prepareOrComplete(
              turn, group, memberId + " changes the group's protocol: " + join.reason());
        }
      }
      // The leader may be assigning to the old id this moment; the new one would go without.
      case COMPLETING_REBALANCE ->
          rebalances.prepare(turn, group, memberId + " joins again: " + join.reason());
      case PREPARING_REBALANCE -> rebalances.completeIfAllJoined(turn, group);
      case EMPTY, DEAD ->
          throw new IllegalStateException(
              "group " + group.id + " is " + group.state() + " with member " + old.id);
    }
  }

  private Member takePlace(Turn turn, Group group, Member old, String memberId) {
    fence(turn, old);
    liveness.forget(old.session);
    Member member =
        sessions.newMember(
            group.id,
            memberId,
            old.instanceId,
            new ClientAddress(old.clientId, old.clientHost),
            old.terms());
    member.setAssignment(old.assignment());
    group.members.replace(old, member);
    return member;
  }

  private static void fence(Turn turn, Member old) {
    Answer<JoinGroupResponseData> join = old.awaitedJoin();
    if (join != null) {
      turn.answer(join, Responses.joinRefused(old.id, Errors.FENCED_INSTANCE_ID));
    }
    Answer<SyncGroupResponseData> sync = old.awaitedSync();
    if (sync != null) {
      turn.answer(sync, Responses.syncRefused(Errors.FENCED_INSTANCE_ID));
      old.awaitSync(null);
    }
  }

  /**
   * The generation stays. From version 9 a leader learns the members and that it need not assign
   * again; before, it is told that the old id leads, so that it does not try.
   */
  private void goOn(
      Turn turn, Group group, Member member, @Nullable String leaderBefore, Join join) {
    ledger.write(turn, new GroupWritten(group.id, group.written()));
    group.members.awaitJoin(member, null);
    JoinGroupResponseData response;
    if (JoinGroupRequest.supportsSkippingAssignment(join.client().apiVersion())) {
      boolean leads = group.members.isLeader(member.id);
      response = Responses.joined(group, member, leads).setSkipAssignment(leads);
    } else {
      response =
          Responses.joined(group, member, false)
              .setLeader(leaderBefore == null ? "" : leaderBefore);
    }
    turn.answer(join.answer(), response);
  }

  /** Whether both offer the same protocols with the same metadata in the same order. */
  static boolean same(List<Protocol> some, List<Protocol> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      Protocol one = some.get(i);
      Protocol other = others.get(i);
      if (!one.name().equals(other.name()) || !Arrays.equals(one.metadata(), other.metadata())) {
        return false;
      }
    }
    return true;
  }
}
