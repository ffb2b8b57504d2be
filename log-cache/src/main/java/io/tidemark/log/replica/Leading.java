package io.tidemark.log.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a leader keeps in mind through one leader epoch: its followers' progress, the ISR, and who
 * waits for commitment; those go with it into the next epoch that it leads. Part of {@link
 * ReplicaCore}: no IO, no clock, one caller.
 *
 * <p>The high watermark is the smallest log end over the maximal ISR. It also waits for a follower
 * that is about to join (caught up and eligible), because under a steady load that follower would
 * never reach a high watermark that runs with the leader's log end. It stands still while fewer
 * replicas are in sync than {@code min.insync.replicas} asks for, so that what a consumer has seen
 * is on that many replicas (KIP-966).
 */
final class Leading<T> implements RoleState<T> {
  private final TopicIdPartition partition;
  private final int nodeId;
  private final long lagTimeMaxMs;
  private final Eligibility eligibility;
  private final CoreOffsets offsets;
  private final Consumer<Decision<T>> decisions;

  private final int leaderEpoch;
  private final long epochStartOffset;
  // A map of its own once there are any.
  private Map<Integer, FollowerState> followers = Map.of();
  private final CommitQueue<T> waiting;
  private LeaderAssignment assignment;
  private IsrState isr;
  // Kept, because it is part of every view and changes only with the committed ISR.
  private ReplicaView.Leadership leadership;
  private boolean mustResend;
  private int minInsyncReplicas;

  /**
   * Begins an epoch.
   *
   * @param waiting who waits since the epoch before, if this replica led then too: what they wait
   *     for is in the log still
   */
  Leading(
      CoreContext<T> context,
      LeaderAssignment assignment,
      int minInsyncReplicas,
      CommitQueue<T> waiting,
      long nowMs) {
    this.partition = context.partition();
    this.nodeId = context.nodeId();
    this.lagTimeMaxMs = context.lagTimeMaxMs();
    this.eligibility = context.eligibility();
    this.offsets = context.offsets();
    this.decisions = context.decisions();
    this.leaderEpoch = assignment.leaderEpoch();
    this.epochStartOffset = offsets.logEndOffset();
    this.minInsyncReplicas = minInsyncReplicas;
    this.waiting = waiting;
    this.assignment = assignment;
    this.isr = IsrState.Settled.of(assignment.isr());
    this.leadership = describe();
    followOnly(assignment, nowMs);
    advance(nowMs);
    giveUpWhenUnderMinIsr();
  }

  @Override
  public ReplicaView.Leadership leadership() {
    return leadership;
  }

  private ReplicaView.Leadership describe() {
    List<Integer> members = isr.committed().stream().sorted().toList();
    return new ReplicaView.Leadership(
        Role.LEADER, nodeId, leaderEpoch, assignment.partitionEpoch(), members, null, null);
  }

  /**
   * The registration has changed within the leader epoch: other replicas, another ISR. Where the
   * answer to a proposal was here before, and the next proposal is under way, that one stands.
   */
  void reassigned(LeaderAssignment next, long nowMs) {
    boolean isKnown = next.partitionEpoch() == assignment.partitionEpoch();
    assignment = next;
    if (!isKnown || isr instanceof IsrState.Settled) {
      settle(next.isr());
    }
    followOnly(next, nowMs);
    advance(nowMs);
  }

  private void followOnly(LeaderAssignment next, long nowMs) {
    if (followers.isEmpty()) {
      if (next.replicas().size() <= 1) {
        return;
      }
      followers = new TreeMap<>();
    }
    followers.keySet().retainAll(next.replicas());
    for (int replica : next.replicas()) {
      if (replica != nodeId) {
        followers.computeIfAbsent(
            replica, id -> new FollowerState(id, next.isr().contains(id), nowMs));
      }
    }
  }

  void configure(int newMinInsyncReplicas, long nowMs) {
    minInsyncReplicas = newMinInsyncReplicas;
    advance(nowMs);
    giveUpWhenUnderMinIsr();
  }

  /** The own log has grown from this end. */
  void appended(long before, long nowMs) {
    if (before < offsets.logEndOffset()) {
      followers.values().forEach(follower -> follower.leaderGrewFrom(before, nowMs));
    }
    advance(nowMs);
  }

  /** More of the own log counts for acknowledgements. */
  void grown(long nowMs) {
    advance(nowMs);
  }

  void awaitCommit(long endOffset, T token) {
    if (endOffset <= offsets.highWatermark()) {
      decisions.accept(new Decision.Acknowledge<>(token));
    } else {
      waiting.add(endOffset, token);
    }
  }

  /** False when the sender is no replica of this partition, or an earlier life of one. */
  boolean fetched(FollowerProgress progress, long nowMs) {
    FollowerState follower = followers.get(progress.node().nodeId());
    if (follower == null || !follower.fetched(progress, offsets.logEndOffset(), nowMs)) {
      return false;
    }
    proposeJoin(follower);
    advance(nowMs);
    return true;
  }

  /**
   * Time has passed: drops members that lag, adds followers that have become eligible, sends again
   * what may have been lost.
   */
  void tick(long nowMs) {
    switch (isr) {
      case IsrState.Settled settled -> {
        proposeWithoutLaggards(settled, nowMs);
        proposeTheWaiting(nowMs);
      }
      case IsrState.Proposed proposed -> {
        if (mustResend) {
          mustResend = false;
          decisions.accept(new Decision.Propose<>(proposed.proposal()));
        }
      }
    }
    advance(nowMs);
  }

  /**
   * A follower may have been in sync before it was eligible. Where nothing is written it is not
   * heard of again, for fetch sessions tell only of what changes.
   */
  private void proposeTheWaiting(long nowMs) {
    for (FollowerState follower : followers.values()) {
      if (follower.isCaughtUp(offsets.logEndOffset(), nowMs, lagTimeMaxMs)) {
        proposeJoin(follower);
      }
    }
  }

  private void proposeJoin(FollowerState follower) {
    if (isr instanceof IsrState.Settled settled
        && !settled.committed().contains(follower.node().nodeId())
        && isInSync(follower)
        && eligibility.isEligible(follower.node())) {
      List<NodeEpoch> members = membersOf(settled.committed());
      members.add(follower.node());
      propose(settled, members);
    }
  }

  /**
   * It has everything committed, and has come to know this leader's epoch by something of it or by
   * its very start.
   */
  private boolean isInSync(FollowerState follower) {
    return follower.logEndOffset() >= offsets.highWatermark()
        && follower.logEndOffset() >= epochStartOffset;
  }

  private void proposeWithoutLaggards(IsrState.Settled settled, long nowMs) {
    List<NodeEpoch> inSync = membersOf(settled.committed());
    boolean dropped =
        inSync.removeIf(member -> member.nodeId() != nodeId && lags(member.nodeId(), nowMs));
    if (dropped) {
      propose(settled, inSync);
    }
  }

  private boolean lags(int member, long nowMs) {
    FollowerState follower = followers.get(member);
    return follower == null || !follower.isCaughtUp(offsets.logEndOffset(), nowMs, lagTimeMaxMs);
  }

  private List<NodeEpoch> membersOf(Set<Integer> ids) {
    List<NodeEpoch> members = new ArrayList<>();
    ids.stream().sorted().forEach(id -> members.add(member(id)));
    return members;
  }

  private NodeEpoch member(int id) {
    FollowerState follower = followers.get(id);
    return follower != null
        ? follower.node()
        : new NodeEpoch(id, eligibility.nodeEpoch(id).orElse(NodeEpoch.UNKNOWN));
  }

  private void propose(IsrState.Settled settled, List<NodeEpoch> members) {
    IsrProposal proposal =
        new IsrProposal(partition, leaderEpoch, assignment.partitionEpoch(), members);
    isr = settled.propose(proposal);
    mustResend = false;
    decisions.accept(new Decision.Propose<>(proposal));
  }

  /** What the quorum said to a proposal; ignored unless that proposal is the one under way. */
  void answered(IsrProposal proposal, IsrResult result, long nowMs) {
    if (!(isr instanceof IsrState.Proposed proposed) || !proposed.proposal().equals(proposal)) {
      return;
    }
    switch (result) {
      case IsrResult.Committed c -> committed(c.leaderEpoch(), c.partitionEpoch(), c.isr(), nowMs);
      case IsrResult.Refused refused -> refused(proposed, refused.error(), nowMs);
    }
  }

  private void refused(IsrState.Proposed proposed, Errors error, long nowMs) {
    switch (error) {
      // Certainly not applied: nobody may count on the addition.
      case INELIGIBLE_REPLICA, OPERATION_NOT_ATTEMPTED -> {
        isr = proposed.last();
        advance(nowMs);
      }
      // The registration has moved, perhaps by this very proposal: the image will bring it.
      case FENCED_LEADER_EPOCH,
          INVALID_UPDATE_VERSION,
          NEW_LEADER_ELECTED,
          UNKNOWN_TOPIC_OR_PARTITION,
          UNKNOWN_TOPIC_ID,
          INVALID_REQUEST -> {}
      default -> mustResend = true;
    }
  }

  /**
   * The committed ISR, from an answer or from the image; older news than what is known changes
   * nothing.
   */
  void committed(int inLeaderEpoch, int partitionEpoch, List<Integer> members, long nowMs) {
    if (inLeaderEpoch != leaderEpoch || partitionEpoch < assignment.partitionEpoch()) {
      return;
    }
    if (partitionEpoch == assignment.partitionEpoch() && isr instanceof IsrState.Proposed) {
      return;
    }
    assignment =
        new LeaderAssignment(
            leaderEpoch,
            partitionEpoch,
            assignment.replicas(),
            members,
            assignment.tieredOffset(),
            assignment.logStartOffset());
    settle(members);
    advance(nowMs);
  }

  private void settle(List<Integer> members) {
    isr = IsrState.Settled.of(members);
    leadership = describe();
    mustResend = false;
    giveUpWhenUnderMinIsr();
  }

  private void giveUpWhenUnderMinIsr() {
    if (isUnderMinIsr()) {
      giveUp(Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    }
  }

  /** Ends every wait with this error. */
  void giveUp(Errors error) {
    waiting.all().forEach(token -> decisions.accept(new Decision.GiveUp<>(token, error)));
  }

  /** More replicas in sync than a partition has cannot be asked for. */
  boolean isUnderMinIsr() {
    return isr.committed().size() < Math.min(minInsyncReplicas, assignment.replicas().size());
  }

  private void advance(long nowMs) {
    if (isUnderMinIsr()) {
      return;
    }
    long smallest = offsets.countedEndOffset();
    for (Map.Entry<Integer, FollowerState> entry : followers.entrySet()) {
      if (entry.getValue().logEndOffset() < smallest
          && holdsHighWatermark(entry.getKey(), entry.getValue(), nowMs)) {
        smallest = entry.getValue().logEndOffset();
      }
    }
    if (offsets.advanceHighWatermark(smallest)) {
      waiting
          .reached(offsets.highWatermark())
          .forEach(token -> decisions.accept(new Decision.Acknowledge<>(token)));
    }
  }

  private boolean holdsHighWatermark(int id, FollowerState follower, long nowMs) {
    return isr.maximal().contains(id)
        || (follower.isCaughtUp(offsets.logEndOffset(), nowMs, lagTimeMaxMs)
            && eligibility.isEligible(follower.node()));
  }

  @Override
  public int leaderEpoch() {
    return leaderEpoch;
  }

  @Override
  public int partitionEpoch() {
    return assignment.partitionEpoch();
  }

  @Override
  public int replicaCount() {
    return assignment.replicas().size();
  }

  IsrState isr() {
    return isr;
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  CommitQueue<T> waiting() {
    return waiting;
  }
}
