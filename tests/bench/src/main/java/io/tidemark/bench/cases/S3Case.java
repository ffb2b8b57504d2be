package io.tidemark.bench.cases;

import static io.tidemark.bench.measure.Quantity.CPU_PER_GB;
import static io.tidemark.bench.measure.Quantity.MB_PER_SECOND;

import io.tidemark.bench.measure.Load;
import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Target;
import io.tidemark.bench.server.S3Process;
import io.tidemark.bench.server.Server;
import io.tidemark.bench.server.ServerHome;
import io.tidemark.bench.server.ServerSettings;
import io.tidemark.bench.server.Side;
import java.util.List;

/**
 * A replay from an object store over HTTP, beside a catch-up from the page cache by the same
 * server: what the way over the store costs. The store shares the machine.
 */
public record S3Case(String name, int partitions) implements BenchCase {
  @Override
  public String title() {
    return "cold replay from S3Proxy over HTTP, against the own hot catch-up";
  }

  @Override
  public Side first() {
    return Side.TIDEMARK_HOT;
  }

  @Override
  public Side second() {
    return Side.TIDEMARK_S3;
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(MB_PER_SECOND, CPU_PER_GB);
  }

  @Override
  public List<Target> targets() {
    return List.of(new Target.Ratio(MB_PER_SECOND, 0.4), new Target.Absolute(CPU_PER_GB, 1.2));
  }

  @Override
  public Measured measure(Laboratory laboratory, Side side) throws Exception {
    return side == Side.TIDEMARK_HOT ? measureHot(laboratory) : measureS3(laboratory);
  }

  private Measured measureHot(Laboratory laboratory) throws Exception {
    ServerHome home = laboratory.freshHome();
    long bytes = laboratory.sizes().readBytes();
    try (Server server = laboratory.launch(Side.TIDEMARK_HOT, home, ServerSettings.HOT_ONLY);
        Load load = ReadCases.hot(server, partitions, bytes)) {
      return LoadCase.run(load, laboratory.meter(server), laboratory.sizes());
    }
  }

  private Measured measureS3(Laboratory laboratory) throws Exception {
    ServerHome home = laboratory.freshHome();
    long bytes = laboratory.sizes().coldBytes();
    try (S3Process store = S3Process.start(home.store());
        Server server =
            laboratory.launch(Side.TIDEMARK_S3, home, ReadCases.settings(store.coldTier()));
        Load load = ReadCases.cold(server, partitions, bytes)) {
      return LoadCase.run(load, laboratory.meter(server, store.pid()), laboratory.sizes());
    }
  }
}
