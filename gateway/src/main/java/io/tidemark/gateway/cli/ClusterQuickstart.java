package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;

/**
 * What a cluster is for, shown from outside: orders are produced all the time while a leader is
 * killed and comes back, and while a node is added, filled and emptied again; in the end every
 * order is read back and compared.
 *
 * <pre>three nodes ──► load ──► kill -9 a leader ──► it is back ──► a fourth node ──► moved to it
 *   ──► drained ──► removed ──► replay ──► verify
 * </pre>
 *
 * Every wait but the drain's is bounded. One thread.
 */
final class ClusterQuickstart {
  private static final String TOPIC = "orders";
  private static final int PARTITIONS = 6;
  private static final int MOVED = 3;
  private static final int WARM_ORDERS = 4_000;
  private static final long LOOK_MS = 100;
  private static final long PATIENCE_MS = 120_000;

  /** Something that is waited for. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws Exception;
  }

  private final NodeChildren nodes;
  private final Progress progress;
  private final Time time;
  private final long seed;

  ClusterQuickstart(NodeChildren nodes, Progress progress, Time time, long seed) {
    this.nodes = nodes;
    this.progress = progress;
    this.time = time;
    this.seed = seed;
  }

  /** Runs all of it; answers what was wrong, nothing when all was verified. */
  List<String> run() throws Exception {
    long beginMs = time.hiResClockMs();
    nodes.startVoters();
    say("cluster", beginMs, "3 nodes that vote and serve, at " + nodes.bootstrapServers());
    try (Admin admin =
            Admin.create(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, nodes.bootstrapServers()));
        OrderLoad load = begin(admin)) {
      failOver(admin, load);
      grow(admin, load);
      shrink(admin, load);
      return verify(load.finish());
    }
  }

  private OrderLoad begin(Admin admin) throws Exception {
    NewTopic topic = new NewTopic(TOPIC, PARTITIONS, (short) NodeChildren.VOTERS);
    NodeCommand.await(
        admin.createTopics(List.of(topic.configs(Map.of("segment.bytes", "4194304")))).all());
    long beginMs = time.hiResClockMs();
    OrderLoad load =
        new OrderLoad(nodes.bootstrapServers(), TOPIC, PARTITIONS, new Random(seed), time);
    await("the first orders", () -> load.acknowledged() > WARM_ORDERS);
    say(
        "load",
        beginMs,
        "2,000 orders a second into %d partitions on 3 nodes each, acks=all".formatted(PARTITIONS));
    return load;
  }

  private void failOver(Admin admin, OrderLoad load) throws Exception {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    int killed = leader(admin, partition);
    long leads =
        ClusterState.read(admin).partitions().stream().filter(p -> p.leader() == killed).count();
    long killedMs = time.hiResClockMs();
    nodes.node(killed).kill();
    progress.line("kill -9  node %d, which leads %d partitions".formatted(killed, leads));
    await("another leader", () -> load.isAcknowledgedSince(0, killedMs));
    say(
        "failover",
        killedMs,
        "until orders of %s were acknowledged again; node %d leads it now"
            .formatted(partition, leader(admin, partition)));
    long backMs = time.hiResClockMs();
    nodes.node(killed).await(nodes.node(killed).start());
    await("node " + killed + " in sync", () -> smallestIsr(admin) == NodeChildren.VOTERS);
    say("back", backMs, "until node %d was started and in sync again".formatted(killed));
  }

  private void grow(Admin admin, OrderLoad load) throws Exception {
    NodeChild added = nodes.added();
    long beginMs = time.hiResClockMs();
    added.await(added.start());
    say("added", beginMs, "node %d at %s".formatted(added.id(), nodes.address(added.id())));
    long movedMs = time.hiResClockMs();
    Map<TopicPartition, List<Integer>> moves = new HashMap<>();
    for (ClusterState.Placed placed : ClusterState.read(admin).partitions()) {
      if (placed.partition().topic().equals(TOPIC) && placed.partition().partition() < MOVED) {
        List<Integer> target = new ArrayList<>(placed.target());
        target.set(0, added.id());
        moves.put(placed.partition(), target);
      }
    }
    Reassignments.begin(admin, moves);
    await("the move to node " + added.id(), () -> areDone(ClusterState.read(admin), moves));
    long before = load.acknowledged();
    await("more orders", () -> load.acknowledged() > before);
    say("moved", movedMs, "%d partitions to node %d".formatted(moves.size(), added.id()));
  }

  /** Whether the partitions are where they were to go, and nowhere else any more. */
  private static boolean areDone(ClusterState state, Map<TopicPartition, List<Integer>> moves) {
    return state.partitions().stream()
        .filter(placed -> moves.containsKey(placed.partition()))
        .allMatch(placed -> placed.replicas().equals(moves.get(placed.partition())));
  }

  private void shrink(Admin admin, OrderLoad load) throws Exception {
    NodeChild added = nodes.added();
    long beginMs = time.hiResClockMs();
    Cordoning.cordon(admin, added.id());
    int moved = new Drain(admin, added.id(), PARTITIONS, progress, time).run();
    say("drained", beginMs, "node %d: %d partitions moved away".formatted(added.id(), moved));
    added.stop();
    await(
        "node " + added.id() + " fenced",
        () -> ClusterState.read(admin).existing(added.id()).isFenced());
    NodeCommand.await(admin.unregisterBroker(added.id()).all());
    await("all in sync", () -> smallestIsr(admin) == NodeChildren.VOTERS);
    long before = load.acknowledged();
    await("more orders", () -> load.acknowledged() > before);
    progress.line("removed  node %d; the cluster is back on three".formatted(added.id()));
  }

  private List<String> verify(StreamChecksum[] sent) throws Exception {
    long beginMs = time.hiResClockMs();
    Replay replay = new Replay(nodes.bootstrapServers(), TOPIC, PARTITIONS, time);
    replay.run(read -> {
      if (progress.isDue()) {
        progress.show("replay   %s read".formatted(ByteSize.megabytes(read)));
      }
    });
    List<String> problems = new ArrayList<>(replay.problems());
    long records = 0;
    for (int i = 0; i < PARTITIONS; i++) {
      records += sent[i].records();
      if (!replay.sum(i).agreesWith(sent[i])) {
        problems.add("%s-%d: sent %s, replayed %s".formatted(TOPIC, i, sent[i], replay.sum(i)));
      }
    }
    say("replay", beginMs, "everything from the first order on, with the Kafka Java client");
    problems.forEach(problem -> progress.line("problem: " + problem));
    progress.line(
        problems.isEmpty()
            ? "verified: %,d orders in %d partitions: count, order and checksums agree"
                .formatted(records, PARTITIONS)
            : "NOT verified: %d problems".formatted(problems.size()));
    return problems;
  }

  private static int leader(Admin admin, TopicPartition partition) throws Exception {
    return ClusterState.read(admin).partitions().stream()
        .filter(placed -> placed.partition().equals(partition))
        .mapToInt(ClusterState.Placed::leader)
        .findFirst()
        .orElse(-1);
  }

  private static int smallestIsr(Admin admin) throws Exception {
    return NodeCommand.await(admin.describeTopics(List.of(TOPIC)).allTopicNames()).values().stream()
        .flatMap(topic -> topic.partitions().stream())
        .mapToInt(partition -> partition.isr().size())
        .min()
        .orElse(0);
  }

  private void await(String what, Condition condition) throws Exception {
    long beginMs = time.hiResClockMs();
    while (!condition.holds()) {
      if (time.hiResClockMs() - beginMs > PATIENCE_MS) {
        throw CommandFailure.refused(
            "%s did not come within %d s; the nodes' logs say why"
                .formatted(what, PATIENCE_MS / 1_000));
      }
      if (progress.isDue()) {
        progress.show("waiting for " + what);
      }
      time.sleep(LOOK_MS);
    }
  }

  private void say(String name, long beginMs, String what) {
    double seconds = (time.hiResClockMs() - beginMs) / 1e3;
    progress.line("%-8s %5.1f s   %s".formatted(name, seconds, what));
  }
}
