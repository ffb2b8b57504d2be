package io.tidemark.log.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Decides for one replica: its role and epochs, who is in sync, what is committed, who may be
 * answered. No IO, no clock, no threads: events come in with the time, {@link #takeDecisions} says
 * what to do. {@code T} stands for an append that waits.
 *
 * <pre>
 *             becomeLeader                becomeLeader, becomeFollower (greater epoch)
 *   OFFLINE ───────────────▶ LEADER ◀────────────────────────────▶ FOLLOWER
 *   unassigned ─────────────────────────── becomeFollower ────────────▶
 *                               │                                     │
 *                               └────── goOffline: OFFLINE for good ──┘
 * </pre>
 *
 * <p>Leader epochs never go back, nor does the partition epoch within one: an older assignment
 * changes nothing. One writer: whoever drains the partition.
 */
final class ReplicaCore<T> {
  /** What an assignment changed. */
  enum Change {
    NEW_LEADER_EPOCH,
    SAME_LEADER_EPOCH,
    STALE
  }

  private final CoreContext<T> context;
  private final CoreOffsets offsets;
  private final List<Decision<T>> decisions = new ArrayList<>();
  private RoleState<T> role;
  private int minInsyncReplicas;

  ReplicaCore(
      TopicIdPartition partition,
      int nodeId,
      long lagTimeMaxMs,
      Eligibility eligibility,
      CoreOffsets offsets,
      int minInsyncReplicas) {
    this.offsets = offsets;
    this.context =
        new CoreContext<>(partition, nodeId, lagTimeMaxMs, eligibility, offsets, decisions::add);
    this.minInsyncReplicas = minInsyncReplicas;
    this.role =
        new RoleState.Offline<>(
            -1, -1, Errors.NOT_LEADER_OR_FOLLOWER, "not assigned a role yet", false);
  }

  Change becomeLeader(LeaderAssignment assignment, long nowMs) {
    Change change = changeTo(assignment.leaderEpoch(), assignment.partitionEpoch());
    if (change == Change.STALE) {
      return change;
    }
    offsets.tieredTo(assignment.tieredOffset());
    if (role instanceof Leading<T> leading && change == Change.SAME_LEADER_EPOCH) {
      leading.reassigned(assignment, nowMs);
      return change;
    }
    CommitQueue<T> waiting =
        role instanceof Leading<T> leading ? leading.waiting() : new CommitQueue<>();
    role = new Leading<>(context, assignment, minInsyncReplicas, waiting, nowMs);
    return change;
  }

  Change becomeFollower(FollowerAssignment assignment) {
    Change change = changeTo(assignment.leaderEpoch(), assignment.partitionEpoch());
    if (change == Change.STALE) {
      return change;
    }
    offsets.tieredTo(assignment.tieredOffset());
    stepDown(Errors.NOT_LEADER_OR_FOLLOWER);
    role = new RoleState.Following<>(assignment);
    return change;
  }

  private Change changeTo(int leaderEpoch, int partitionEpoch) {
    if (role instanceof RoleState.Offline<T> offline && offline.isFinal()) {
      return Change.STALE;
    }
    if (leaderEpoch != role.leaderEpoch()) {
      return leaderEpoch > role.leaderEpoch() ? Change.NEW_LEADER_EPOCH : Change.STALE;
    }
    return partitionEpoch >= role.partitionEpoch() ? Change.SAME_LEADER_EPOCH : Change.STALE;
  }

  /** For good: closed, deleted, or its directory has failed. The first reason stays. */
  void goOffline(Errors error, String reason) {
    if (role instanceof RoleState.Offline<T> offline && offline.isFinal()) {
      return;
    }
    stepDown(error);
    role = new RoleState.Offline<>(role.leaderEpoch(), role.partitionEpoch(), error, reason, true);
  }

  private void stepDown(Errors error) {
    if (role instanceof Leading<T> leading) {
      leading.giveUp(error);
    }
  }

  void configure(int newMinInsyncReplicas, long nowMs) {
    minInsyncReplicas = newMinInsyncReplicas;
    leading().ifPresent(leading -> leading.configure(newMinInsyncReplicas, nowMs));
  }

  /** The leader's own log has grown; see {@link CoreOffsets#grown}. */
  void appended(long logEndOffset, long countedEndOffset, long nowMs) {
    long before = offsets.logEndOffset();
    offsets.grown(logEndOffset, countedEndOffset);
    leading().ifPresent(leading -> leading.appended(before, nowMs));
  }

  /** The log is on the disk up to this offset. */
  void flushed(long endOffset, long nowMs) {
    offsets.flushed(endOffset);
    leading().ifPresent(leading -> leading.grown(nowMs));
  }

  /**
   * A follower's log has grown by what its leader sent, who had committed up to {@code
   * leaderHighWatermark}.
   */
  void fetchedFromLeader(long logEndOffset, long countedEndOffset, long leaderHighWatermark) {
    offsets.grown(logEndOffset, countedEndOffset);
    offsets.advanceHighWatermark(leaderHighWatermark);
  }

  /** The waiting one is acknowledged once everything below the offset is committed, or given up. */
  void awaitCommit(long endOffset, T waiting) {
    leading()
        .ifPresentOrElse(
            leading -> leading.awaitCommit(endOffset, waiting),
            () -> decisions.add(new Decision.GiveUp<>(waiting, Errors.NOT_LEADER_OR_FOLLOWER)));
  }

  /** False when this replica does not lead or the sender is none of its followers. */
  boolean followerFetched(FollowerProgress progress, long nowMs) {
    return role instanceof Leading<T> leading && leading.fetched(progress, nowMs);
  }

  void isrAnswered(IsrProposal proposal, IsrResult result, long nowMs) {
    leading().ifPresent(leading -> leading.answered(proposal, result, nowMs));
  }

  void isrCommitted(int leaderEpoch, int partitionEpoch, List<Integer> isr, long nowMs) {
    leading().ifPresent(leading -> leading.committed(leaderEpoch, partitionEpoch, isr, nowMs));
  }

  void tick(long nowMs) {
    leading().ifPresent(leading -> leading.tick(nowMs));
  }

  /**
   * Why an append is refused before anything is written, or empty. {@code expectedLeaderEpoch} -1:
   * any.
   */
  Optional<Errors> refusesAppend(Acks acks, int expectedLeaderEpoch) {
    Optional<Errors> refused = refuses(expectedLeaderEpoch, true);
    if (refused.isEmpty() && acks == Acks.ALL && leading().orElseThrow().isUnderMinIsr()) {
      return Optional.of(Errors.NOT_ENOUGH_REPLICAS);
    }
    return refused;
  }

  /** Why a request under this leader epoch (-1: any) is refused, or empty. */
  Optional<Errors> refuses(int currentLeaderEpoch, boolean leaderOnly) {
    if (role instanceof RoleState.Offline<T> offline) {
      return Optional.of(offline.error());
    }
    return EpochCheck.refuses(
        role.leaderEpoch(), role instanceof Leading<T>, currentLeaderEpoch, leaderOnly);
  }

  /** What is to be done since the last call, in order. */
  List<Decision<T>> takeDecisions() {
    List<Decision<T>> taken = List.copyOf(decisions);
    decisions.clear();
    return taken;
  }

  CoreOffsets offsets() {
    return offsets;
  }

  ReplicaView.Leadership leadership() {
    return role.leadership();
  }

  /** How many nodes hold the partition; 0 while it is not assigned. */
  int replicaCount() {
    return role.replicaCount();
  }

  Optional<Leading<T>> leading() {
    return role instanceof Leading<T> leading ? Optional.of(leading) : Optional.empty();
  }
}
