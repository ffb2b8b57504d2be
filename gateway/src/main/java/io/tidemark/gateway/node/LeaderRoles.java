package io.tidemark.gateway.node;

import io.tidemark.log.replica.LeaderAssignment;
import io.tidemark.log.replica.LogBehindTierException;
import io.tidemark.log.replica.Replica;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes replicas leaders. A log that ends below what is in the store has to start again there
 * first, which needs the store: that happens behind everybody's back, and until then the replica
 * answers that it does not lead yet, which clients try again.
 *
 * <pre>
 *   lead ──▶ becomeLeader ──ok──▶ elected
 *                │ ends below the tiered offset
 *                ▼
 *            restart, for as long as the store takes ──▶ becomeLeader, with the newest assignment
 * </pre>
 *
 * {@link #lead} and {@link #giveUp} are called by the image's thread; repairs end on any.
 */
final class LeaderRoles {
  private static final Logger log = LoggerFactory.getLogger(LeaderRoles.class);

  private final ReplicaNeighbours neighbours;

  /** The newest assignment of every replica that has been told to lead and does not yet. */
  private final Map<TopicIdPartition, LeaderAssignment> pending = new ConcurrentHashMap<>();

  LeaderRoles(ReplicaNeighbours neighbours) {
    this.neighbours = neighbours;
  }

  /** Whether the replica still has to take the role, so that changes come as a new assignment. */
  boolean isPending(TopicIdPartition id) {
    return pending.containsKey(id);
  }

  /** Done when the replica leads, or when it waits for the store. */
  CompletableFuture<Void> lead(Replica replica, LeaderAssignment leader) {
    boolean isUnderWay = pending.put(replica.id(), leader) != null;
    return isUnderWay ? CompletableFuture.completedFuture(null) : attempt(replica);
  }

  /** The replica follows or leaves. */
  void giveUp(TopicIdPartition id) {
    pending.remove(id);
  }

  private CompletableFuture<Void> attempt(Replica replica) {
    LeaderAssignment leader = pending.get(replica.id());
    if (leader == null) {
      return CompletableFuture.completedFuture(null);
    }
    return replica
        .becomeLeader(leader)
        .handle((done, failure) -> attempted(replica, leader, failure))
        .thenCompose(Function.identity());
  }

  private CompletableFuture<Void> attempted(
      Replica replica, LeaderAssignment leader, Throwable failure) {
    TopicIdPartition id = replica.id();
    if (failure != null && isBehindTier(failure)) {
      restart(replica);
      return CompletableFuture.completedFuture(null);
    }
    if (!pending.remove(id, leader)) {
      return attempt(replica);
    }
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    neighbours.elected(id, leader.leaderEpoch());
    return CompletableFuture.completedFuture(null);
  }

  private static boolean isBehindTier(Throwable failure) {
    return failure instanceof LogBehindTierException
        || failure.getCause() instanceof LogBehindTierException;
  }

  private void restart(Replica replica) {
    log.info("{} ends below its tiered offset and waits for the store", replica.id());
    neighbours.restart(replica).whenComplete((offset, failure) -> restarted(replica, failure));
  }

  private void restarted(Replica replica, Throwable failure) {
    if (failure != null) {
      if (pending.remove(replica.id()) != null) {
        cannotLead(replica, failure);
      }
      return;
    }
    attempt(replica)
        .exceptionally(reason -> {
          cannotLead(replica, reason);
          return null;
        });
  }

  private static void cannotLead(Replica replica, Throwable reason) {
    log.warn(
        "{} ends below its tiered offset and cannot start again there: {}",
        replica.id(),
        reason.toString());
  }
}
