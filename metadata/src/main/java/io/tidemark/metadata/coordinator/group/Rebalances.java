package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.Deadlines;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.GroupEvent.GroupWritten;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves groups from generation to generation.
 *
 * <pre>
 *  prepare ──→ members rejoin ──→ complete: joins answered ──→ members sync ──→ stabilize: syncs answered
 *     ↑              │ time is up: the others are removed           │ time is up: the others are removed
 *     └──────────────┴──────────────────────────────────────────────┴──────────────────── prepare again
 * </pre>
 *
 * A group writes its record when it becomes stable or empty; between, only the generation it had
 * counts.
 */
final class Rebalances {
  private static final Logger LOG = LoggerFactory.getLogger(Rebalances.class);

  private final GroupConfig config;
  private final GroupLedger ledger;
  private final Deadlines deadlines;
  private final Liveness liveness;
  private final int maxRecordBytes;
  private final GroupMeters meters;

  Rebalances(
      GroupConfig config,
      int maxRecordBytes,
      GroupLedger ledger,
      Deadlines deadlines,
      Liveness liveness,
      GroupMeters meters) {
    this.config = config;
    this.maxRecordBytes = maxRecordBytes;
    this.ledger = ledger;
    this.deadlines = deadlines;
    this.liveness = liveness;
    this.meters = meters;
  }

  // ---------------------------------------------------------------- preparing

  /**
   * Starts a rebalance where one may start, else sees whether the one being prepared is complete.
   */
  void prepareOrComplete(Turn turn, Group group, String reason) {
    if (GroupState.PREPARING_REBALANCE.mayFollow(group.state())) {
      prepare(turn, group, reason);
    } else {
      completeIfAllJoined(turn, group);
    }
  }

  void prepare(Turn turn, Group group, String reason) {
    if (group.is(GroupState.COMPLETING_REBALANCE)) {
      abandonAssignments(turn, group, Errors.REBALANCE_IN_PROGRESS);
    }
    group.members.expectNoSync();
    deadlines.cancel(group.sync);
    boolean isFirst = group.is(GroupState.EMPTY);
    LOG.info(
        "Group {} prepares to rebalance from generation {}: {}",
        group.id,
        group.generation(),
        reason);
    group.moveTo(GroupState.PREPARING_REBALANCE, turn.wallClockMs());
    if (isFirst) {
      awaitFirstMembers(turn, group);
    } else if (group.members.haveAllJoined()) {
      complete(turn, group);
    } else {
      group.setInitialRemainingMs(Group.NO_INITIAL_DELAY);
      awaitMembers(turn, group);
    }
  }

  private void awaitMembers(Turn turn, Group group) {
    deadlines.set(group.join, turn.monotonicMs() + group.members.rebalanceTimeoutMs());
  }

  /** An empty group waits a while for more members before its first rebalance. */
  private void awaitFirstMembers(Turn turn, Group group) {
    int delayMs = config.initialRebalanceDelayMs();
    group.setInitialRemainingMs(Math.max(group.members.rebalanceTimeoutMs() - delayMs, 0));
    group.setNewMemberAdded(false);
    deadlines.set(group.join, turn.monotonicMs() + delayMs);
  }

  /** The time to rejoin is up, unless it is the first rebalance and somebody came meanwhile. */
  void joinTimeUp(Turn turn, Group group) {
    int remainingMs = group.initialRemainingMs();
    if (group.isPreparingFirstRebalance() && group.isNewMemberAdded() && remainingMs > 0) {
      int delayMs = Math.min(config.initialRebalanceDelayMs(), remainingMs);
      group.setNewMemberAdded(false);
      group.setInitialRemainingMs(remainingMs - delayMs);
      deadlines.set(group.join, turn.monotonicMs() + delayMs);
    } else if (group.is(GroupState.PREPARING_REBALANCE)) {
      complete(turn, group);
    }
  }

  /** The first rebalance runs its full delay; later ones are complete when everybody is there. */
  void completeIfAllJoined(Turn turn, Group group) {
    if (group.is(GroupState.PREPARING_REBALANCE)
        && group.members.haveAllJoined()
        && !group.isPreparingFirstRebalance()) {
      complete(turn, group);
    }
  }

  // ---------------------------------------------------------------- the next generation

  /** Goes on to the next generation with those who rejoined and the static members. */
  void complete(Turn turn, Group group) {
    deadlines.cancel(group.join);
    group.setInitialRemainingMs(Group.NO_INITIAL_DELAY);
    removeAbsentDynamicMembers(turn, group);
    if (!group.members.electLeader() && !group.members.isEmpty()) {
      LOG.info("Group {} cannot rebalance: none of its members has rejoined", group.id);
      awaitMembers(turn, group);
      return;
    }
    group.nextGeneration(turn);
    if (group.is(GroupState.EMPTY)) {
      LOG.info("Group {} is empty in generation {}", group.id, group.generation());
      ledger.write(turn, new GroupWritten(group.id, group.written()));
    } else {
      answerJoins(turn, group);
      deadlines.set(group.sync, turn.monotonicMs() + group.members.rebalanceTimeoutMs());
    }
  }

  private void removeAbsentDynamicMembers(Turn turn, Group group) {
    for (Member member : group.members.all()) {
      if (!member.isAwaitingJoin() && !member.isStatic()) {
        LOG.info("Group {} removes {}, which has not rejoined", group.id, member.id);
        remove(turn, group, member, Errors.UNKNOWN_MEMBER_ID);
      }
    }
  }

  private void answerJoins(Turn turn, Group group) {
    LOG.info(
        "Group {} has generation {} with {} members",
        group.id,
        group.generation(),
        group.members.size());
    for (Member member : group.members.view()) {
      Answer<JoinGroupResponseData> join = member.awaitedJoin();
      if (join != null) {
        turn.answer(join, Responses.joined(group, member));
        group.members.awaitJoin(member, null);
      }
      member.setNew(false);
      liveness.heardOf(turn, member);
      group.members.expectSync(member);
    }
  }

  // ---------------------------------------------------------------- assignments

  /**
   * The members have their assignments: the group is stable in this generation. A group too large
   * for a record cannot be kept and rebalances again.
   */
  void stabilize(Turn turn, Group group) {
    WrittenGroup written = group.written();
    GroupWritten event = new GroupWritten(group.id, written);
    CoordinatorRecord record = GroupRecordCodec.encode(event, turn.wallClockMs());
    if (record.sizeBytes() > maxRecordBytes) {
      LOG.warn(
          "Group {} takes {} bytes with its assignments, of {}; its rebalance fails",
          group.id,
          record.sizeBytes(),
          maxRecordBytes);
      abandonAssignments(turn, group, Errors.UNKNOWN_SERVER_ERROR);
      prepareOrComplete(turn, group, "its assignments are too large to be stored");
      return;
    }
    ledger.write(turn, event, record);
    group.moveTo(GroupState.STABLE, turn.wallClockMs());
    meters.rebalanced();
    for (Member member : group.members.view()) {
      Answer<SyncGroupResponseData> sync = member.awaitedSync();
      if (sync != null) {
        turn.answer(sync, Responses.synced(group, member));
        member.awaitSync(null);
        liveness.heardOf(turn, member);
      }
    }
  }

  private void abandonAssignments(Turn turn, Group group, Errors error) {
    for (Member member : group.members.view()) {
      member.setAssignment(Member.NO_ASSIGNMENT);
      Answer<SyncGroupResponseData> sync = member.awaitedSync();
      if (sync != null) {
        turn.answer(sync, Responses.syncRefused(error));
        member.awaitSync(null);
        liveness.heardOf(turn, member);
      }
    }
  }

  /** Whoever has not asked for its assignment by now is removed. */
  void syncTimeUp(Turn turn, Group group) {
    boolean isSyncing = group.is(GroupState.COMPLETING_REBALANCE) || group.is(GroupState.STABLE);
    List<String> missing = group.members.missingSyncs();
    if (!isSyncing || missing.isEmpty()) {
      return;
    }
    for (String memberId : missing) {
      remove(turn, group, group.members.get(memberId), Errors.UNKNOWN_MEMBER_ID);
    }
    prepare(turn, group, missing.size() + " members have not synced");
  }

  /** The member has asked for its assignment. */
  void synced(Group group, Member member) {
    group.members.synced(member);
    if (group.members.missingSyncs().isEmpty()) {
      deadlines.cancel(group.sync);
    }
  }

  // ---------------------------------------------------------------- leaving

  /**
   * Takes a member out and sends away whatever it waits for; what that means for the group is the
   * caller's.
   */
  void remove(Turn turn, Group group, Member member, Errors error) {
    Answer<JoinGroupResponseData> join = member.awaitedJoin();
    if (join != null) {
      turn.answer(join, Responses.joinRefused(error));
    }
    Answer<SyncGroupResponseData> sync = member.awaitedSync();
    if (sync != null) {
      turn.answer(sync, Responses.syncRefused(error));
      member.awaitSync(null);
    }
    liveness.forget(member.session);
    group.members.remove(member);
  }
}
