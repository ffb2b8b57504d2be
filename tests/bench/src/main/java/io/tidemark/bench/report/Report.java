package io.tidemark.bench.report;

import io.tidemark.bench.cases.BenchCase;
import io.tidemark.bench.measure.Disturbance;
import io.tidemark.bench.results.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes the page and its plots from the runs that are there. */
public final class Report {
  private static final double PERCENT = 100;

  private Report() {}

  /**
   * {@code <folder>/performance.md} and {@code <folder>/performance/*.svg}; pages of earlier
   * campaigns, {@code <folder>/performance/*.md}, are named there.
   */
  public static Path write(
      List<BenchCase> cases, RunFiles files, Disturbance disturbance, Path folder)
      throws IOException {
    List<Row> rows = Row.of(cases, files, disturbance);
    List<String> plots = Plots.write(rows, folder.resolve("performance"));
    PerformancePage page =
        new PerformancePage(rows, Machine.describe(), disturbance.limit() * PERCENT);
    Path file = folder.resolve("performance.md");
    Files.writeString(file, page.text(plots, earlier(folder.resolve("performance"))));
    return file;
  }

  /** The newest first. */
  private static List<String> earlier(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".md"))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }
}
