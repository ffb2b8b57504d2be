package io.tidemark.bench.cases;

import static io.tidemark.bench.measure.Quantity.P99_MS;
import static io.tidemark.bench.measure.Quantity.PRODUCE_P99_GROWTH;
import static io.tidemark.bench.measure.Quantity.TAIL_P99_GROWTH;

import io.tidemark.bench.load.Filling;
import io.tidemark.bench.load.OldDataReader;
import io.tidemark.bench.load.TailLoad;
import io.tidemark.bench.load.Topics;
import io.tidemark.bench.machine.Meter;
import io.tidemark.bench.machine.Usage;
import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Target;
import io.tidemark.bench.server.Server;
import io.tidemark.bench.server.ServerHome;
import io.tidemark.bench.server.ServerSettings;
import io.tidemark.bench.server.Side;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * A producer and a tail reader, first alone, then beside somebody who reads old data that is on the
 * local disk but not in the page cache. Each phase has a pass that does not count.
 */
public record BesideCase(String name) implements BenchCase {
  private static final String OLD = "old";
  private static final int PARTITIONS = 6;
  private static final int PER_SECOND = 2_000;
  private static final int LINGER_MS = 5;
  private static final double MICROS_PER_MS = 1e3;

  @Override
  public String title() {
    return "catch-up reader of cold local data beside a producer and a tail reader at 2,000/s";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(PRODUCE_P99_GROWTH, TAIL_P99_GROWTH, P99_MS);
  }

  @Override
  public List<Target> targets() {
    return List.of(
        new Target.Absolute(PRODUCE_P99_GROWTH, 1.5), new Target.Absolute(TAIL_P99_GROWTH, 1.5));
  }

  @Override
  public Measured measure(Laboratory laboratory, Side side) throws Exception {
    ServerHome home = laboratory.freshHome();
    try (Server server = laboratory.launch(side, home, ServerSettings.HOT_ONLY)) {
      try (Topics topics = new Topics(server.bootstrap())) {
        long bytes = laboratory.sizes().readBytes();
        new Filling(topics, server.bootstrap()).hot(OLD, PARTITIONS, bytes);
      }
      TailLoad.Shape shape = new TailLoad.Shape(PARTITIONS, PER_SECOND, LINGER_MS, 1, false);
      Duration pass = laboratory.sizes().paced();
      try (TailLoad load = new TailLoad(server.bootstrap(), shape, pass)) {
        Meter meter = laboratory.meter(server);
        Phase alone = phase(load, meter, laboratory);
        try (OldDataReader reader =
            new OldDataReader(server.bootstrap(), OLD, PARTITIONS, home.data())) {
          Phase beside = phase(load, meter, laboratory);
          reader.check();
          return compared(alone, beside);
        }
      }
    }
  }

  /** Latencies of all passes of a phase that count. */
  private record Phase(Histogram acknowledged, Histogram endToEnd, Usage usage) {}

  private static Phase phase(TailLoad load, Meter meter, Laboratory laboratory) throws Exception {
    load.pass();
    Histogram acknowledged = new Histogram(3);
    Histogram endToEnd = new Histogram(3);
    Meter.Reading start = meter.read();
    double least = laboratory.sizes().measured().toMillis() / 1e3;
    while (meter.since(start).wallSeconds() < least) {
      endToEnd.add(load.pass().latency());
      acknowledged.add(load.acknowledged());
    }
    return new Phase(acknowledged, endToEnd, meter.since(start));
  }

  private static Measured compared(Phase alone, Phase beside) {
    Map<Quantity, Double> values = new EnumMap<>(Quantity.class);
    values.put(P99_MS, p99(beside.endToEnd) / MICROS_PER_MS);
    values.put(PRODUCE_P99_GROWTH, p99(beside.acknowledged) / p99(alone.acknowledged));
    values.put(TAIL_P99_GROWTH, p99(beside.endToEnd) / p99(alone.endToEnd));
    return new Measured(values, alone.usage.plus(beside.usage).othersShare(), 2, true);
  }

  private static double p99(Histogram latency) {
    return latency.getValueAtPercentile(99);
  }
}
