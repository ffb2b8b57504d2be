package io.tidemark.bench.report;

import io.tidemark.bench.cases.BenchCase;
import io.tidemark.bench.measure.Disturbance;
import io.tidemark.bench.results.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the page and its plots from the runs that are there. */
public final class Report {
  private static final double PERCENT = 100;

  private Report() {}

  /** {@code <folder>/performance.md} and {@code <folder>/performance/*.svg}. */
  public static Path write(
      List<BenchCase> cases, RunFiles files, Disturbance disturbance, Path folder)
      throws IOException {
    List<Row> rows = Row.of(cases, files, disturbance);
    List<String> plots = Plots.write(rows, folder.resolve("performance"));
    PerformancePage page =
        new PerformancePage(rows, Machine.describe(), disturbance.limit() * PERCENT);
    Path file = folder.resolve("performance.md");
    Files.writeString(file, page.text(plots));
    return file;
  }
}
