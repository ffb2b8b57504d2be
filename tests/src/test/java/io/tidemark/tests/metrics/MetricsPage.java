package io.tidemark.tests.metrics;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The reference page, written from families and read back into them. */
final class MetricsPage {
  static final String NAME = "metrics.md";

  private static final String HEAD =
      """
      # Metrics

      <!-- Generated from a node's own scrape. Do not edit: run
           mvn verify -Dit.test=MetricsIT -Dtidemark.docs.rewrite=true -->

      `/metrics` of `tidemark.http.listener` answers in Prometheus' text format. Counters become rates with
      `rate(…)`. A histogram has buckets, for `histogram_quantile(…)`; a summary has its count and its sum, and those
      of requests, writes and fsyncs have the quantiles 0.5, 0.99 and 0.999 of the last minutes too. Metrics have
      labels by topic at most, never by partition, and no name has more than 5,000 series.

      """;

  private MetricsPage() {}

  static String markdown(SortedMap<String, MetricFamily> families) {
    StringBuilder page = new StringBuilder(HEAD);
    section(page, "The node", families, true);
    section(page, "The Java virtual machine and its process", families, false);
    return page.toString();
  }

  private static void section(
      StringBuilder page, String title, SortedMap<String, MetricFamily> families, boolean ours) {
    page.append("## ")
        .append(title)
        .append("\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n");
    for (MetricFamily family : families.values()) {
      if (family.name().startsWith("tidemark_") == ours) {
        page.append(row(family));
      }
    }
    page.append('\n');
  }

  private static String row(MetricFamily family) {
    String labels =
        family.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(" "));
    return "| `%s` | %s | %s | %s |\n"
        .formatted(family.name(), family.type(), labels, family.help().replace("|", "\\|"));
  }

  /** The families of a page. */
  static SortedMap<String, MetricFamily> read(String page) {
    SortedMap<String, MetricFamily> families = new TreeMap<>();
    for (String line : page.lines().filter(line -> line.startsWith("| `")).toList()) {
      List<String> cells = List.of(line.substring(2, line.length() - 2).split(" \\| ", -1));
      String name = cells.get(0).replace("`", "");
      TreeSet<String> labels =
          java.util.Arrays.stream(cells.get(2).replace("`", "").split(" ", -1))
              .filter(label -> !label.isBlank())
              .collect(Collectors.toCollection(TreeSet::new));
      families.put(
          name, new MetricFamily(name, cells.get(1), labels, cells.get(3).replace("\\|", "|")));
    }
    return families;
  }
}
