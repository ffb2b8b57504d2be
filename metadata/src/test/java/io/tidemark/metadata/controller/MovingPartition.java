package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * One partition on six nodes: reassigned, cancelled, its nodes fenced and back, its ISR changed,
 * its leader elected, the controller killed, at random from a seed; then everything heals.
 *
 * <p>Data is modelled as a number a node: how much of the log it has. What the leader writes is on
 * all of the ISR at once, and committed while enough are in sync. Nobody stops uncleanly, so a
 * leader must always have everything committed.
 */
final class MovingPartition {
  private static final int NODES = 6;
  private static final int MIN_ISR = 2;

  private final long seed;
  private final Random random;
  private final ControlledCluster cluster = new ControlledCluster(NODES);
  private final TopicIdPartition id =
      cluster.createOn(
          "t", List.of(1, 2, 3), TopicRules.MIN_INSYNC_REPLICAS, Integer.toString(MIN_ISR));

  private final Map<Integer, Integer> logEnds = new HashMap<>();
  private final Map<Integer, Integer> leaders = new HashMap<>();
  private int committed;
  private PartitionImage before = cluster.partition(id);

  /** Where the reassignment under way began, and where it ends if nothing else is asked for. */
  private Set<Integer> original = Set.copyOf(before.replicas());

  private Set<Integer> wanted = original;

  MovingPartition(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  void live(int steps) {
    for (int step = 0; step < steps; step++) {
      act();
      check();
    }
    heal();
  }

  private PartitionImage now() {
    return cluster.partition(id);
  }

  private void act() {
    switch (random.nextInt(10)) {
      case 0, 1 -> reassign();
      case 2 -> cancel();
      case 3 -> cluster.fence(anyNode());
      case 4 -> cluster.heartbeat(anyNode());
      case 5 -> cluster.elect(id, ElectionType.PREFERRED);
      case 6 -> write();
      case 7 -> maybeRestart();
      default -> changeIsr(false);
    }
  }

  private int anyNode() {
    return 1 + random.nextInt(NODES);
  }

  private void reassign() {
    List<Integer> target = new ArrayList<>(IntStream.rangeClosed(1, NODES).boxed().toList());
    Collections.shuffle(target, random);
    target = target.subList(0, 1 + random.nextInt(4));
    PartitionImage was = now();
    Set<Integer> origin = was.reassignment().isUnderWay() ? original : Set.copyOf(was.replicas());
    Set<Integer> staying = new HashSet<>(origin);
    staying.addAll(target);
    boolean keepsAll = !was.isr().isEmpty() && was.isr().stream().noneMatch(staying::contains);
    expect(Errors.NONE, cluster.reassign(id, target.toArray(Integer[]::new)));
    original = keepsAll ? Set.copyOf(was.replicas()) : origin;
    wanted = Set.copyOf(target);
  }

  private void cancel() {
    boolean isUnderWay = now().reassignment().isUnderWay();
    Errors error = cluster.reassign(id);
    if (error == Errors.NONE) {
      assertThat(Set.copyOf(now().replicas())).as(where()).isEqualTo(original);
      wanted = original;
    } else {
      expect(
          isUnderWay ? Errors.INVALID_REPLICA_ASSIGNMENT : Errors.NO_REASSIGNMENT_IN_PROGRESS,
          error);
    }
  }

  private void maybeRestart() {
    if (random.nextInt(4) == 0) {
      cluster.restart();
    }
  }

  private void write() {
    PartitionImage partition = now();
    if (partition.hasLeader()) {
      int end = logEnds.getOrDefault(partition.leader(), 0) + 1;
      partition.isr().forEach(member -> logEnds.put(member, end));
      commit(partition);
    }
  }

  private void commit(PartitionImage partition) {
    if (partition.hasLeader()
        && partition.isr().size() >= Math.min(MIN_ISR, partition.replicas().size())) {
      committed = Math.max(committed, logEnds.getOrDefault(partition.leader(), 0));
    }
  }

  /** The leader takes in whom it has brought up to date, and drops others. */
  private void changeIsr(boolean everybody) {
    PartitionImage partition = now();
    if (!partition.hasLeader()) {
      return;
    }
    List<Integer> members =
        partition.replicas().stream()
            .filter(
                node -> cluster.image().nodes().get(node).filter(NodeImage::isActive).isPresent())
            .filter(node -> node == partition.leader() || everybody || random.nextInt(3) > 0)
            .toList();
    int end = logEnds.getOrDefault(partition.leader(), 0);
    members.forEach(member -> logEnds.put(member, end));
    Errors error = cluster.isr(id, members.toArray(Integer[]::new));
    assertThat(error)
        .as(where())
        .isIn(Errors.NONE, Errors.NEW_LEADER_ELECTED, Errors.INVALID_UPDATE_VERSION);
  }

  private void check() {
    PartitionImage partition = now();
    commit(partition);
    assertThat(partition.replicas()).as(where()).doesNotHaveDuplicates().isNotEmpty();
    assertThat(partition.replicas()).as(where()).containsAll(partition.isr());
    assertThat(partition.replicas()).as(where()).containsAll(partition.elr());
    assertThat(partition.isr()).as(where()).noneMatch(partition.elr()::contains);
    assertThat(partition.replicas()).as(where()).containsAll(partition.reassignment().adding());
    assertThat(partition.replicas()).as(where()).containsAll(partition.reassignment().removing());
    assertThat(partition.targetReplicas()).as(where()).isNotEmpty();
    assertThat(Set.copyOf(partition.targetReplicas())).as(where()).isEqualTo(wanted);
    assertThat(partition.partitionEpoch())
        .as(where())
        .isGreaterThanOrEqualTo(before.partitionEpoch());
    assertThat(partition.leaderEpoch()).as(where()).isGreaterThanOrEqualTo(before.leaderEpoch());
    checkLeader(partition);
    before = partition;
  }

  private void checkLeader(PartitionImage partition) {
    assertThat(partition.recovery()).as(where()).isEqualTo(LeaderRecovery.RECOVERED);
    if (!partition.hasLeader()) {
      return;
    }
    assertThat(partition.isr()).as(where()).contains(partition.leader());
    assertThat(leaders.computeIfAbsent(partition.leaderEpoch(), _ -> partition.leader()))
        .as("leader of epoch %d, %s", partition.leaderEpoch(), where())
        .isEqualTo(partition.leader());
    assertThat(logEnds.getOrDefault(partition.leader(), 0))
        .as("what the leader has, %s", where())
        .isGreaterThanOrEqualTo(committed);
    assertThat(partition.isr())
        .as(where())
        .allMatch(member -> logEnds.getOrDefault(member, 0) >= committed);
  }

  private void heal() {
    for (int node = 1; node <= NODES; node++) {
      cluster.heartbeat(node);
    }
    check();
    assertThat(now().hasLeader()).as(where()).isTrue();
    changeIsr(true);
    check();
    assertThat(now().reassignment().isUnderWay()).as(where()).isFalse();
    assertThat(Set.copyOf(now().replicas())).as(where()).isEqualTo(wanted);
  }

  private void expect(Errors expected, Errors error) {
    assertThat(error).as(where()).isEqualTo(expected);
  }

  private String where() {
    return "seed %d, %s".formatted(seed, now());
  }
}
