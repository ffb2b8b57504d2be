package io.tidemark.bench.cases;

import static io.tidemark.bench.measure.Quantity.FAILOVER_MS;
import static io.tidemark.bench.measure.Quantity.GREATEST_FAILOVER_MS;
import static io.tidemark.bench.measure.Quantity.LEAST_FAILOVER_MS;
import static io.tidemark.bench.measure.Quantity.QUORUM_FAILOVER_MS;

import io.tidemark.bench.load.SteadyProducer;
import io.tidemark.bench.load.Topics;
import io.tidemark.bench.machine.Meter;
import io.tidemark.bench.measure.Comparison;
import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Target;
import io.tidemark.bench.server.Cluster;
import io.tidemark.bench.server.Side;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Kills leaders of a cluster of three with SIGKILL, one after the other: how long is a Java client
 * with default settings without an acknowledgement? From the kill to the acknowledgement of the
 * first record sent after it, to a partition that the killed server led. In every third round the
 * killed server leads the metadata quorum as well. Between rounds the server comes back, and leads
 * again what it led.
 */
public record FailoverCase(String name) implements BenchCase {
  private static final String TOPIC = "failing-over";
  private static final int PARTITIONS = 6;
  private static final int PER_SECOND = 200;
  private static final int EVERY_WITH_QUORUM = 3;
  private static final double TARGET_MS = 1500;

  /** What a round found. */
  private record Round(boolean isOfQuorumLeader, double milliseconds) {}

  @Override
  public String title() {
    return "from kill -9 of a leader to the next acknowledged produce, three nodes, RF 3, acks=all";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(FAILOVER_MS, LEAST_FAILOVER_MS, GREATEST_FAILOVER_MS, QUORUM_FAILOVER_MS);
  }

  @Override
  public List<Target> targets() {
    return List.of(new Target.Absolute(FAILOVER_MS, TARGET_MS));
  }

  @Override
  public Measured measure(Laboratory laboratory, Side side) throws Exception {
    try (Cluster cluster = laboratory.launchCluster(side);
        Topics topics = new Topics(cluster.bootstrap())) {
      topics.create(TOPIC, PARTITIONS, Map.of());
      Meter meter = laboratory.meter(cluster);
      Meter.Reading start = meter.read();
      List<Round> rounds = new ArrayList<>();
      for (int number = 1; number <= laboratory.sizes().failovers(); number++) {
        rounds.add(round(cluster, topics, number % EVERY_WITH_QUORUM == 0));
      }
      return new Measured(values(rounds), meter.since(start).othersShare(), 0, true);
    }
  }

  private static Round round(Cluster cluster, Topics topics, boolean isOfQuorumLeader)
      throws Exception {
    topics.awaitPreferred(TOPIC);
    int partition = partition(topics, isOfQuorumLeader);
    int leader = topics.leaders(TOPIC).get(partition);
    try (SteadyProducer producer =
        new SteadyProducer(cluster.bootstrap(), TOPIC, List.of(partition), PER_SECOND)) {
      producer.awaitAcknowledgedAfter(System.nanoTime());
      long killedNanos = System.nanoTime();
      cluster.kill(leader);
      double milliseconds = producer.awaitAcknowledgedAfter(killedNanos);
      cluster.start(leader);
      return new Round(isOfQuorumLeader, milliseconds);
    }
  }

  /** A partition that is led by the leader of the quorum, or by another. */
  private static int partition(Topics topics, boolean isOfQuorumLeader) throws Exception {
    int quorumLeader = topics.quorumLeader();
    List<Integer> leaders = topics.leaders(TOPIC);
    return IntStream.range(0, PARTITIONS)
        .filter(partition -> (leaders.get(partition) == quorumLeader) == isOfQuorumLeader)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "node %d leads the quorum, and partitions are led by %s"
                    .formatted(quorumLeader, leaders)));
  }

  private static Map<Quantity, Double> values(List<Round> rounds) {
    Map<Quantity, Double> values = new EnumMap<>(Quantity.class);
    double[] all = sorted(rounds);
    values.put(FAILOVER_MS, Comparison.median(all));
    values.put(LEAST_FAILOVER_MS, all[0]);
    values.put(GREATEST_FAILOVER_MS, all[all.length - 1]);
    double[] ofQuorumLeaders = sorted(rounds.stream().filter(Round::isOfQuorumLeader).toList());
    values.put(QUORUM_FAILOVER_MS, Comparison.median(ofQuorumLeaders));
    return values;
  }

  private static double[] sorted(List<Round> rounds) {
    return rounds.stream().mapToDouble(Round::milliseconds).sorted().toArray();
  }
}
