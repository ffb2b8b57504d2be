package io.tidemark.bench.cases;

import io.tidemark.bench.measure.Disturbance;
import io.tidemark.bench.measure.Pair;
import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Run;
import io.tidemark.bench.results.RunFiles;
import io.tidemark.bench.server.Side;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Runs cases, the two sides of each in turn, and writes every run to its file at once. Pairs that
 * others disturbed are made up for by further ones, up to a limit. Runs that are there already are
 * not made again. Used by one thread.
 */
public final class Campaign {
  private static final int PAIRS = 3;
  private static final int PAIRS_NEAR_ONE = 5;

  private final Laboratory laboratory;
  private final RunFiles files;
  private final Disturbance disturbance;
  private final Pairs pairs;
  private final PrintStream out;

  /**
   * How many pairs of runs are made.
   *
   * @param wanted of each case, or 0 for three, and five where a target lies near 1
   * @param mostReplaced further ones that make up for disturbed ones
   */
  public record Pairs(int wanted, int mostReplaced) {
    private int of(BenchCase benchCase) {
      if (wanted > 0) {
        return wanted;
      }
      return benchCase.needsMorePairs() ? PAIRS_NEAR_ONE : PAIRS;
    }
  }

  public Campaign(
      Laboratory laboratory,
      RunFiles files,
      Disturbance disturbance,
      Pairs pairs,
      PrintStream out) {
    this.laboratory = laboratory;
    this.files = files;
    this.disturbance = disturbance;
    this.pairs = pairs;
    this.out = out;
  }

  /** Whether all runs of the case succeeded; one that failed ends the case, not the campaign. */
  public boolean run(BenchCase benchCase) throws IOException, InterruptedException {
    int wanted = pairs.of(benchCase);
    for (int pair = 1; pair <= wanted + pairs.mostReplaced(); pair++) {
      if (quietPairs(benchCase) >= wanted) {
        return true;
      }
      for (Side side : List.of(benchCase.first(), benchCase.second())) {
        if (!isThere(benchCase, side, pair) && !run(benchCase, side, pair)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean run(BenchCase benchCase, Side side, int pair)
      throws IOException, InterruptedException {
    out.printf("%-22s %d %-14s ", benchCase.name(), pair, side.title());
    out.flush();
    long start = System.nanoTime();
    try {
      Measured measured = benchCase.measure(laboratory, side);
      Run run =
          new Run(
              benchCase.name(),
              side,
              pair,
              measured.values(),
              measured.othersShare(),
              measured.warmUpPasses(),
              measured.isSteady());
      files.append(run);
      out.println(describe(benchCase, run, (System.nanoTime() - start) / 1e9));
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      out.println("failed: " + e);
      e.printStackTrace(out);
      keepLog(benchCase, side, pair);
      return false;
    }
  }

  private int quietPairs(BenchCase benchCase) throws IOException {
    return (int)
        Pair.of(files.read(benchCase.name()), benchCase.first(), benchCase.second()).stream()
            .filter(pair -> !disturbance.isDisturbed(pair))
            .count();
  }

  private boolean isThere(BenchCase benchCase, Side side, int pair) throws IOException {
    return files.read(benchCase.name()).stream()
        .anyMatch(run -> run.side() == side && run.pair() == pair);
  }

  private String describe(BenchCase benchCase, Run run, double seconds) {
    String values =
        benchCase.quantities().stream()
            .filter(run.values()::containsKey)
            .map(quantity -> quantity.format(value(run, quantity)) + " " + quantity.unit())
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%s  (others %.0f %%, warm-up %d passes%s, %.0f s)",
        values,
        run.othersShare() * 100,
        run.warmUpPasses(),
        run.isSteady() ? "" : ", not steady",
        seconds);
  }

  private static double value(Run run, Quantity quantity) {
    return run.values().getOrDefault(quantity, Double.NaN);
  }

  private void keepLog(BenchCase benchCase, Side side, int pair) throws IOException {
    String name = benchCase.name() + "-" + side + "-" + pair;
    for (Path log : laboratory.serverLogs()) {
      String below = laboratory.serverFolder().relativize(log).toString();
      Path kept = files.folder().resolve(name + "-" + below.replace('/', '-'));
      Files.createDirectories(files.folder());
      Files.copy(log, kept, StandardCopyOption.REPLACE_EXISTING);
      out.println("a server's log is kept in " + kept);
    }
  }
}
