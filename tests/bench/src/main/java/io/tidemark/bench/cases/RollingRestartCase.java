package io.tidemark.bench.cases;

import static io.tidemark.bench.measure.Quantity.FAILED_RECORDS;
import static io.tidemark.bench.measure.Quantity.LONGEST_MS;
import static io.tidemark.bench.measure.Quantity.P99_MS;
import static io.tidemark.bench.measure.Quantity.ROLL_SECONDS;

import io.tidemark.bench.load.SteadyProducer;
import io.tidemark.bench.load.Topics;
import io.tidemark.bench.machine.Meter;
import io.tidemark.bench.machine.Usage;
import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Target;
import io.tidemark.bench.server.Cluster;
import io.tidemark.bench.server.Side;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Stops and starts each server of a cluster of three in order, one after the other, under an
 * open-loop Java producer with default settings. The next one follows when all replicas are in sync
 * again and led as before.
 */
public record RollingRestartCase(String name) implements BenchCase {
  private static final String TOPIC = "rolling";
  private static final int PARTITIONS = 6;
  private static final int PER_SECOND = 1_000;
  private static final double MICROS_PER_MS = 1e3;

  @Override
  public String title() {
    return "rolling restart of three nodes under 1,000 records/s, RF 3, acks=all; until"
        + " acknowledged";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(FAILED_RECORDS, P99_MS, LONGEST_MS, ROLL_SECONDS);
  }

  @Override
  public List<Target> targets() {
    return List.of(new Target.Absolute(FAILED_RECORDS, 0));
  }

  @Override
  public Measured measure(Laboratory laboratory, Side side) throws Exception {
    try (Cluster cluster = laboratory.launchCluster(side);
        Topics topics = new Topics(cluster.bootstrap())) {
      topics.create(TOPIC, PARTITIONS, Map.of());
      List<Integer> partitions = IntStream.range(0, PARTITIONS).boxed().toList();
      Meter meter = laboratory.meter(cluster);
      try (SteadyProducer producer =
          new SteadyProducer(cluster.bootstrap(), TOPIC, partitions, PER_SECOND)) {
        Thread.sleep(laboratory.sizes().paced());
        producer.latency();
        Meter.Reading start = meter.read();
        for (int node : cluster.nodeIds()) {
          cluster.stop(node);
          cluster.start(node);
          topics.awaitPreferred(TOPIC);
        }
        Usage usage = meter.since(start);
        producer.finish();
        return new Measured(values(producer, usage), usage.othersShare(), 1, true);
      }
    }
  }

  private static Map<Quantity, Double> values(SteadyProducer producer, Usage usage) {
    Map<Quantity, Double> values = new EnumMap<>(Quantity.class);
    Histogram latency = producer.latency();
    values.put(FAILED_RECORDS, (double) producer.failed());
    values.put(P99_MS, latency.getValueAtPercentile(99) / MICROS_PER_MS);
    values.put(LONGEST_MS, latency.getMaxValue() / MICROS_PER_MS);
    values.put(ROLL_SECONDS, usage.wallSeconds());
    return values;
  }
}
