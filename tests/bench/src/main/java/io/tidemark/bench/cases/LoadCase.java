package io.tidemark.bench.cases;

import io.tidemark.bench.machine.Meter;
import io.tidemark.bench.measure.Figures;
import io.tidemark.bench.measure.Load;
import io.tidemark.bench.measure.PassRunner;
import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Sizes;
import io.tidemark.bench.measure.Target;
import io.tidemark.bench.server.ServerSettings;
import io.tidemark.bench.server.Servers;
import io.tidemark.bench.server.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Passes of a load, after a warm-up, on fresh servers of each kind. */
public record LoadCase(
    String name,
    String title,
    Starting starting,
    Opening opening,
    List<Quantity> quantities,
    List<Target> targets)
    implements BenchCase {
  /** Starts what the load is put on. */
  public interface Starting {
    Servers start(Laboratory laboratory, Side side) throws Exception;
  }

  /** Makes the load for servers that were just started. */
  public interface Opening {
    Load open(Servers servers, Sizes sizes) throws Exception;
  }

  /** A server alone, without quantities; {@link #ratio} and {@link #showing} add them. */
  public static LoadCase of(String name, String title, ServerSettings settings, Opening opening) {
    Starting starting =
        (laboratory, side) -> laboratory.launch(side, laboratory.freshHome(), settings);
    return new LoadCase(name, title, starting, opening, List.of(), List.of());
  }

  /** The same for a cluster of three. */
  public static LoadCase ofCluster(String name, String title, Opening opening) {
    return new LoadCase(name, title, Laboratory::launchCluster, opening, List.of(), List.of());
  }

  /** Shows the quantity; its ratio is to reach the bound. */
  public LoadCase ratio(Quantity quantity, double bound) {
    List<Target> more = new ArrayList<>(targets);
    more.add(new Target.Ratio(quantity, bound));
    LoadCase shown = showing(quantity);
    return new LoadCase(name, title, starting, opening, shown.quantities, List.copyOf(more));
  }

  /** Shows the quantity, which has no target. */
  public LoadCase showing(Quantity quantity) {
    List<Quantity> more = new ArrayList<>(quantities);
    more.add(quantity);
    return new LoadCase(name, title, starting, opening, List.copyOf(more), targets);
  }

  @Override
  public Measured measure(Laboratory laboratory, Side side) throws Exception {
    try (Servers servers = starting.start(laboratory, side);
        Load load = opening.open(servers, laboratory.sizes())) {
      Meter meter = laboratory.meter(servers);
      return run(load, meter, laboratory.sizes());
    }
  }

  /** Warms up, measures, and adds the servers' peak of memory. */
  static Measured run(Load load, Meter meter, Sizes sizes) throws Exception {
    PassRunner.Outcome outcome = new PassRunner(meter, sizes).run(load);
    Map<Quantity, Double> values = Figures.of(outcome.measured());
    values.put(Quantity.PEAK_MIB, Figures.mib(meter.peakResidentBytes()));
    return new Measured(
        values,
        outcome.measured().usage().othersShare(),
        outcome.warmUpPasses(),
        outcome.isSteady());
  }
}
