package io.tidemark.bench.report;

import io.tidemark.bench.cases.BenchCase;
import io.tidemark.bench.measure.Comparison;
import io.tidemark.bench.measure.Disturbance;
import io.tidemark.bench.measure.Pair;
import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Run;
import io.tidemark.bench.measure.Target;
import io.tidemark.bench.results.RunFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One quantity of one case, as far as it was measured. */
record Row(BenchCase benchCase, Quantity quantity, Comparison comparison, Optional<Target> target) {
  /** What the cases show, in their order, and last the peak of memory; nothing that has no runs. */
  static List<Row> of(List<BenchCase> cases, RunFiles files, Disturbance disturbance)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    for (BenchCase benchCase : cases) {
      List<Run> runs = files.read(benchCase.name());
      var kept = disturbance.keep(Pair.of(runs, benchCase.first(), benchCase.second()));
      List<Quantity> quantities = new ArrayList<>(benchCase.quantities());
      quantities.add(Quantity.PEAK_MIB);
      for (Quantity quantity : quantities) {
        Comparison.of(kept, quantity)
            .map(found -> new Row(benchCase, quantity, found, target(benchCase, quantity)))
            .ifPresent(rows::add);
      }
    }
    return rows;
  }

  private static Optional<Target> target(BenchCase benchCase, Quantity quantity) {
    return benchCase.targets().stream().filter(t -> t.quantity() == quantity).findFirst();
  }

  boolean isReached() {
    return target.isEmpty() || comparison.reaches(target.get());
  }
}
