package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.Reassignment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.kafka.common.Uuid;

/**
 * Who leads a partition, and who is in sync or eligible, after its ISR or the state of a node has
 * changed. Pure.
 *
 * <pre>
 *   ISR at least min(min.insync.replicas, replicas)      ELR = none
 *   ISR smaller                                          ELR += who left the ISR, cleanly (KIP-966)
 *
 *   a reassignment is complete once its whole target is in the ISR: what it removes goes
 *
 *   leader:  where the preferred one is asked for: the first replica, in the ISR and active
 *            else the present one while it is in the ISR and active
 *            else the first active replica in the ISR
 *            else the first active replica in the ELR: the ISR is that one
 *            else, with ISR and ELR empty, the last known leader once it is active: unclean
 *            else, where unclean elections are allowed, the first active replica, those that a
 *            reassignment adds last: unclean
 *            else nobody
 * </pre>
 *
 * <p>A new leader means a new leader epoch, and so does a replica that goes, as in Kafka: should it
 * come back, with an empty log, what the leader knows of it and what it had asked for before must
 * not count. After an unclean election the ISR is the leader alone and the partition is recovering.
 */
final class PartitionElection {

  /** What holds while deciding. */
  record Situation(IntPredicate isActive, Set<Integer> stoppedUncleanly, TopicRules rules) {}

  /**
   * What a partition is to become; who leads follows from it.
   *
   * @param isr among the replicas
   * @param prefersFirst whether the first replica takes over from another that leads
   */
  record Wanted(
      List<Integer> replicas,
      Reassignment reassignment,
      List<Integer> isr,
      LeaderRecovery recovery,
      boolean prefersFirst) {

    /** The partition as it is, but for its ISR. */
    static Wanted isr(PartitionImage partition, List<Integer> isr, LeaderRecovery recovery) {
      return new Wanted(partition.replicas(), partition.reassignment(), isr, recovery, false);
    }

    /** Led by the first replica, if it can be. */
    static Wanted preferred(PartitionImage partition) {
      return new Wanted(
          partition.replicas(),
          partition.reassignment(),
          partition.isr(),
          partition.recovery(),
          true);
    }

    /** Other replicas; of the ISR those stay that are among them. */
    static Wanted reassigned(
        PartitionImage partition, List<Integer> replicas, Reassignment reassignment) {
      return new Wanted(
          replicas, reassignment, common(partition.isr(), replicas), partition.recovery(), false);
    }

    /** Without what a reassignment removes, if all of its target is in sync. */
    Wanted completed() {
      List<Integer> target = replicas.stream().filter(id -> !goes(id)).toList();
      return reassignment.isUnderWay() && isr.containsAll(target)
          ? new Wanted(target, Reassignment.NONE, common(isr, target), recovery, prefersFirst)
          : this;
    }

    private boolean goes(int id) {
      return reassignment.removing().contains(id);
    }

    private static List<Integer> common(List<Integer> ids, List<Integer> others) {
      return ids.stream().filter(others::contains).toList();
    }
  }

  private record Chosen(int leader, List<Integer> isr, List<Integer> elr, boolean unclean) {}

  private final PartitionImage partition;
  private final Wanted wanted;
  private final Situation situation;

  private PartitionElection(PartitionImage partition, Wanted wanted, Situation situation) {
    this.partition = partition;
    this.wanted = wanted;
    this.situation = situation;
  }

  /** What changes when a partition becomes what is wanted; empty when nothing does. */
  static Optional<Event.PartitionChanged> change(
      Uuid topicId, int index, PartitionImage partition, Wanted wanted, Situation situation) {
    Wanted next = wanted.completed();
    Chosen chosen = new PartitionElection(partition, next, situation).choose(next.isr());
    LeaderRecovery recovery = chosen.unclean() ? LeaderRecovery.RECOVERING : next.recovery();
    boolean needsEpoch =
        chosen.leader() != partition.leader() || !next.replicas().containsAll(partition.replicas());
    Event.PartitionChanged event =
        new Event.PartitionChanged(
            topicId,
            index,
            partition.partitionEpoch(),
            next.replicas(),
            next.reassignment(),
            chosen.isr(),
            chosen.elr(),
            lastKnownLeader(partition, next, chosen),
            chosen.leader(),
            needsEpoch ? partition.leaderEpoch() + 1 : partition.leaderEpoch(),
            recovery);
    return isSame(partition, event) ? Optional.empty() : Optional.of(event);
  }

  private static boolean isSame(PartitionImage partition, Event.PartitionChanged event) {
    return partition.replicas().equals(event.replicas())
        && partition.reassignment().equals(event.reassignment())
        && partition.leader() == event.leader()
        && partition.isr().equals(event.isr())
        && partition.elr().equals(event.elr())
        && partition.lastKnownLeader() == event.lastKnownLeader()
        && partition.recovery() == event.recovery();
  }

  private static int lastKnownLeader(PartitionImage partition, Wanted next, Chosen chosen) {
    if (chosen.leader() != PartitionImage.NO_LEADER) {
      return PartitionImage.NO_LEADER;
    }
    int last = partition.hasLeader() ? partition.leader() : partition.lastKnownLeader();
    return next.replicas().contains(last) ? last : PartitionImage.NO_LEADER;
  }

  private Chosen choose(List<Integer> isr) {
    List<Integer> elr = eligible(isr);
    int preferred = wanted.replicas().getFirst();
    if (wanted.prefersFirst() && isr.contains(preferred) && isActive(preferred)) {
      return new Chosen(preferred, isr, elr, false);
    }
    if (isr.contains(partition.leader()) && isActive(partition.leader())) {
      return new Chosen(partition.leader(), isr, elr, false);
    }
    Optional<Integer> inSync = firstActive(isr);
    if (inSync.isPresent()) {
      return new Chosen(inSync.get(), isr, elr, false);
    }
    Optional<Integer> eligible = firstActive(elr);
    if (eligible.isPresent()) {
      List<Integer> rest = elr.stream().filter(id -> !id.equals(eligible.get())).toList();
      return new Chosen(eligible.get(), List.of(eligible.get()), rest, false);
    }
    return lastResort(isr, elr);
  }

  private Chosen lastResort(List<Integer> isr, List<Integer> elr) {
    int lastKnown = partition.lastKnownLeader();
    if (isr.isEmpty()
        && elr.isEmpty()
        && wanted.replicas().contains(lastKnown)
        && isActive(lastKnown)) {
      return uncleanly(lastKnown);
    }
    if (situation.rules().uncleanLeaderElection()) {
      List<Integer> adding = wanted.reassignment().adding();
      Optional<Integer> any =
          firstActive(wanted.replicas().stream().filter(id -> !adding.contains(id)).toList())
              .or(() -> firstActive(adding));
      if (any.isPresent()) {
        return uncleanly(any.get());
      }
    }
    return new Chosen(PartitionImage.NO_LEADER, isr, elr, false);
  }

  private static Chosen uncleanly(int leader) {
    return new Chosen(leader, List.of(leader), List.of(), true);
  }

  private List<Integer> eligible(List<Integer> isr) {
    int enough = Math.min(situation.rules().minInsyncReplicas(), wanted.replicas().size());
    if (isr.size() >= enough) {
      return List.of();
    }
    Set<Integer> elr = new LinkedHashSet<>(partition.elr());
    elr.addAll(partition.isr());
    elr.removeAll(isr);
    elr.removeAll(situation.stoppedUncleanly());
    elr.retainAll(wanted.replicas());
    return new ArrayList<>(elr);
  }

  /** The first in the order of the replicas, which is the order of preference. */
  private Optional<Integer> firstActive(List<Integer> candidates) {
    return wanted.replicas().stream()
        .filter(candidates::contains)
        .filter(this::isActive)
        .findFirst();
  }

  private boolean isActive(int nodeId) {
    return nodeId != PartitionImage.NO_LEADER && situation.isActive().test(nodeId);
  }
}
