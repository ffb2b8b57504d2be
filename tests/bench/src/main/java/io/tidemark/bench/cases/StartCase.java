package io.tidemark.bench.cases;

import io.tidemark.bench.load.Topics;
import io.tidemark.bench.measure.Figures;
import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Sizes;
import io.tidemark.bench.measure.Target;
import io.tidemark.bench.server.ReadyProbe;
import io.tidemark.bench.server.Server;
import io.tidemark.bench.server.ServerHome;
import io.tidemark.bench.server.ServerSettings;
import io.tidemark.bench.server.Side;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.ToIntFunction;

/**
 * The time from the start of the process until every partition is served, and the memory that the
 * server holds once it has rested.
 *
 * @param partitions there before the measured start; with 0 that start is the first one over an
 *     empty folder
 */
public record StartCase(
    String name, String title, ToIntFunction<Sizes> partitions, List<Target> targets)
    implements BenchCase {
  @Override
  public List<Quantity> quantities() {
    return List.of(Quantity.START_SECONDS, Quantity.IDLE_MIB);
  }

  @Override
  public Measured measure(Laboratory laboratory, Side side) throws Exception {
    int count = partitions.applyAsInt(laboratory.sizes());
    ServerHome home = laboratory.freshHome();
    ServerSettings settings = ServerSettings.HOT_ONLY.expecting(count);
    if (count > 0) {
      createPartitions(laboratory, side, home, count);
    }
    try (Server server = laboratory.launch(side, home, settings)) {
      Thread.sleep(laboratory.sizes().idle());
      Map<Quantity, Double> values = new EnumMap<>(Quantity.class);
      values.put(Quantity.START_SECONDS, server.start().wallSeconds());
      values.put(Quantity.IDLE_MIB, Figures.mib(laboratory.proc().residentBytes(server.pid())));
      values.put(Quantity.PEAK_MIB, Figures.mib(laboratory.proc().peakResidentBytes(server.pid())));
      return new Measured(values, server.start().othersShare(), 0, true);
    }
  }

  private static void createPartitions(Laboratory laboratory, Side side, ServerHome home, int count)
      throws IOException, InterruptedException, ExecutionException {
    try (Server server = laboratory.launch(side, home, ServerSettings.HOT_ONLY);
        Topics topics = new Topics(server.bootstrap())) {
      for (int i = 0; i < count / ReadyProbe.PARTITIONS_PER_TOPIC; i++) {
        topics.create(ReadyProbe.TOPIC_PREFIX + i, ReadyProbe.PARTITIONS_PER_TOPIC, Map.of());
      }
      server.stop();
    }
  }
}
