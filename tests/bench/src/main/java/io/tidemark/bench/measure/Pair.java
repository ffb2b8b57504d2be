package io.tidemark.bench.measure;

import io.tidemark.bench.server.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Two neighbouring runs, one of each side. */
public record Pair(Run first, Run second) {
  /** Both runs of a pair share the fate of the one that was disturbed more. */
  public double othersShare() {
    return Math.max(first.othersShare(), second.othersShare());
  }

  boolean isSteady() {
    return first.isSteady() && second.isSteady();
  }

  /** Complete pairs in the order they were run; a run without its neighbour is left out. */
  public static List<Pair> of(List<Run> runs, Side first, Side second) {
    List<Pair> pairs = new ArrayList<>();
    runs.stream()
        .filter(run -> run.side() == first)
        .sorted(Comparator.comparingInt(Run::pair))
        .forEach(run ->
            find(runs, second, run.pair())
                .ifPresent(neighbour -> pairs.add(new Pair(run, neighbour))));
    return pairs;
  }

  private static Optional<Run> find(List<Run> runs, Side side, int pair) {
    return runs.stream().filter(run -> run.side() == side && run.pair() == pair).findFirst();
  }
}
