package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.PartitionImage;
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
 *   leader:  the present one while it is in the ISR and active
 *            else the first active replica in the ISR
 *            else the first active replica in the ELR: the ISR is that one
 *            else, with ISR and ELR empty, the last known leader once it is active: unclean
 *            else, where unclean elections are allowed, the first active replica: unclean
 *            else nobody
 * </pre>
 *
 * <p>A new leader means a new leader epoch. After an unclean election the ISR is the leader alone
 * and the partition is recovering.
 */
final class PartitionElection {

  /** What holds while deciding. */
  record Situation(IntPredicate isActive, Set<Integer> stoppedUncleanly, TopicRules rules) {}

  private record Chosen(int leader, List<Integer> isr, List<Integer> elr, boolean unclean) {}

  private final PartitionImage partition;
  private final Situation situation;

  private PartitionElection(PartitionImage partition, Situation situation) {
    this.partition = partition;
    this.situation = situation;
  }

  /** What changes when the ISR becomes {@code isr}; empty when nothing does. */
  static Optional<Event.PartitionChanged> change(
      Uuid topicId,
      int index,
      PartitionImage partition,
      List<Integer> isr,
      LeaderRecovery recovery,
      Situation situation) {
    Chosen chosen = new PartitionElection(partition, situation).choose(isr);
    LeaderRecovery nextRecovery = chosen.unclean() ? LeaderRecovery.RECOVERING : recovery;
    boolean moved = chosen.leader() != partition.leader();
    Event.PartitionChanged event =
        new Event.PartitionChanged(
            topicId,
            index,
            partition.partitionEpoch(),
            partition.replicas(),
            chosen.isr(),
            chosen.elr(),
            lastKnownLeader(partition, chosen),
            chosen.leader(),
            moved ? partition.leaderEpoch() + 1 : partition.leaderEpoch(),
            nextRecovery);
    return isSame(partition, event) ? Optional.empty() : Optional.of(event);
  }

  private static boolean isSame(PartitionImage partition, Event.PartitionChanged event) {
    return partition.leader() == event.leader()
        && partition.isr().equals(event.isr())
        && partition.elr().equals(event.elr())
        && partition.lastKnownLeader() == event.lastKnownLeader()
        && partition.recovery() == event.recovery();
  }

  private static int lastKnownLeader(PartitionImage partition, Chosen chosen) {
    if (chosen.leader() != PartitionImage.NO_LEADER) {
      return PartitionImage.NO_LEADER;
    }
    return partition.hasLeader() ? partition.leader() : partition.lastKnownLeader();
  }

  private Chosen choose(List<Integer> isr) {
    List<Integer> elr = eligible(isr);
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
    if (isr.isEmpty() && elr.isEmpty() && isActive(lastKnown)) {
      return uncleanly(lastKnown);
    }
    Optional<Integer> any = firstActive(partition.replicas());
    if (situation.rules().uncleanLeaderElection() && any.isPresent()) {
      return uncleanly(any.get());
    }
    return new Chosen(PartitionImage.NO_LEADER, isr, elr, false);
  }

  private static Chosen uncleanly(int leader) {
    return new Chosen(leader, List.of(leader), List.of(), true);
  }

  private List<Integer> eligible(List<Integer> isr) {
    int enough = Math.min(situation.rules().minInsyncReplicas(), partition.replicas().size());
    if (isr.size() >= enough) {
      return List.of();
    }
    Set<Integer> elr = new LinkedHashSet<>(partition.elr());
    elr.addAll(partition.isr());
    elr.removeAll(isr);
    elr.removeAll(situation.stoppedUncleanly());
    return new ArrayList<>(elr);
  }

  /** The first in the order of the replicas, which is the order of preference. */
  private Optional<Integer> firstActive(List<Integer> candidates) {
    return partition.replicas().stream()
        .filter(candidates::contains)
        .filter(this::isActive)
        .findFirst();
  }

  private boolean isActive(int nodeId) {
    return nodeId != PartitionImage.NO_LEADER && situation.isActive().test(nodeId);
  }
}
