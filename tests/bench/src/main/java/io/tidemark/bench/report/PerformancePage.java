package io.tidemark.bench.report;

import io.tidemark.bench.cases.BenchCase;
import io.tidemark.bench.measure.Comparison;
import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.measure.Target;
import io.tidemark.bench.server.Side;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The page as Markdown. */
final class PerformancePage {
  private static final String INTRODUCTION =
      """
      # Performance

      Tidemark beside Apache Kafka 4.4.0. The command below made this page, its table and its plots; nothing here is written by hand.

      ```
      tests/bench/run --docs docs
      ```

      **How.** Both servers run on one machine together with the client, Kafka with the flags of its start script and the values of its
      `server.properties`, Tidemark through `bin/tidemark` with as much heap (1 GiB), both on the same Java. For each case they take turns on
      fresh servers and empty folders; each is warmed up until its CPU for the same work changes by less than 5 % over three passes, 60 s at most or as
      long as `--warm-up` says. Rows with † have runs whose warm-up ended at that limit: the compilers of both JVMs were at work still.
      One node, batches of 64 KiB, linger 5 ms and 6 partitions where nothing else is said; 1 MB is 10⁶ bytes of record values, before compression.
      *Three nodes* are three processes on the same machine, on both sides with `min.insync.replicas` 2, Kafka's in KRaft combined mode.
      *CPU* is the server processes alone, user and kernel, from `/proc`; *memory* is what is resident. Latency is counted from the moment a record was due,
      whatever the server did to the ones before it. The *cheap client* sends batches encoded once over raw sockets and looks at nothing
      but offsets in what it receives, so that the server is measured; the *Java client* is `kafka-clients` as it is. Kafka's cold tier is a folder,
      read and written by a remote storage manager of the bench, with Kafka's own topic for its metadata.

      **Ratio** is the median of Tidemark / Kafka over pairs of neighbouring runs, with the least and the greatest. Pairs in which others took more than
      {limit} % of the machine are left out; where all were disturbed, the least disturbed one is shown and marked with \\*.

      """;

  private final List<Row> rows;
  private final String machine;
  private final double disturbedAbovePercent;

  PerformancePage(List<Row> rows, String machine, double disturbedAbovePercent) {
    this.rows = rows;
    this.machine = machine;
    this.disturbedAbovePercent = disturbedAbovePercent;
  }

  /**
   * @param plots file names in the folder {@code performance} beside the page
   * @param earlier pages of earlier campaigns, file names in that folder too
   */
  String text(List<String> plots, List<String> earlier) {
    StringBuilder page = new StringBuilder();
    String limit = String.format(Locale.ROOT, "%.0f", disturbedAbovePercent);
    page.append(INTRODUCTION.replace("{limit}", limit));
    page.append("**Machine.** ").append(machine).append("\n\n");
    if (!earlier.isEmpty()) {
      page.append("**Earlier campaigns**, with cases that this one lacks: ")
          .append(
              earlier.stream()
                  .map(name -> "[%1$s](performance/%1$s)".formatted(name))
                  .collect(Collectors.joining(", ")))
          .append(".\n\n");
    }
    table(page, "## Tidemark and Kafka", Side.KAFKA, row -> row.quantity() != Quantity.PEAK_MIB);
    table(page, "## Tidemark alone", Side.TIDEMARK_HOT, row -> row.quantity() != Quantity.PEAK_MIB);
    table(page, "## Peak memory", Side.KAFKA, row -> row.quantity() == Quantity.PEAK_MIB);
    page.append("## Plots\n\n");
    plots.forEach(plot -> page.append("![").append(plot).append("](performance/" + plot + ")\n\n"));
    return page.toString().stripTrailing() + "\n";
  }

  private void table(StringBuilder page, String title, Side first, Predicate<Row> filter) {
    List<Row> shown =
        rows.stream().filter(row -> row.benchCase().first() == first).filter(filter).toList();
    if (shown.isEmpty()) {
      return;
    }
    BenchCase any = shown.getFirst().benchCase();
    page.append(title).append("\n\n");
    page.append(
        "| case | | %s | %s | ratio | least – greatest | pairs | target | reached |\n"
            .formatted(any.first().title(), any.second().title()));
    page.append("| --- | --- | ---: | ---: | ---: | --- | ---: | --- | --- |\n");
    shown.forEach(row -> page.append(line(row)));
    page.append('\n');
  }

  private static String line(Row row) {
    Quantity quantity = row.quantity();
    Comparison found = row.comparison();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %.2f%s%s | %.2f – %.2f | %d | %s | %s |\n",
        row.benchCase().title(),
        quantity.unit(),
        quantity.format(found.first()),
        quantity.format(found.second()),
        found.ratio(),
        found.isDisturbed() ? " \\*" : "",
        found.isSteady() ? "" : " †",
        found.leastRatio(),
        found.greatestRatio(),
        found.pairs(),
        row.target().map(Target::toString).orElse("–"),
        row.target().map(target -> row.isReached() ? "yes" : "**no**").orElse(""));
  }
}
