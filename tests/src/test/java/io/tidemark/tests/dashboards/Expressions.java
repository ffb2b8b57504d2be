package io.tidemark.tests.dashboards;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which metrics and labels a PromQL expression names, held against those that a node shows. As much
 * of the language as the expressions here use.
 */
final class Expressions {
  private static final Pattern METRIC = Pattern.compile("\\b(?:tidemark|jvm|process|system)_\\w+");
  private static final Pattern SELECTOR = Pattern.compile("(\\w+)(?:=|!=|=~|!~)\"");
  private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");

  /** What Prometheus adds to everything it scrapes, and to summaries and histograms. */
  private static final Set<String> ADDED = Set.of("instance", "job", "quantile", "le");

  private Expressions() {}

  /**
   * What the expression asks for that no node shows.
   *
   * @param known the labels of each metric
   */
  static List<String> unknown(String expression, SortedMap<String, Set<String>> known) {
    List<String> unknown = new ArrayList<>();
    Set<String> labels = new TreeSet<>(ADDED);
    Matcher metrics = METRIC.matcher(expression);
    while (metrics.find()) {
      Set<String> shown = labelsOf(metrics.group(), known);
      if (shown == null) {
        unknown.add(metrics.group());
      } else {
        labels.addAll(shown);
      }
    }
    named(expression).stream().filter(label -> !labels.contains(label)).forEach(unknown::add);
    return unknown;
  }

  private static Set<String> labelsOf(String metric, Map<String, Set<String>> known) {
    Set<String> exact = known.get(metric);
    return exact != null ? exact : known.get(metric.replaceFirst("_(count|sum|bucket)$", ""));
  }

  private static Set<String> named(String expression) {
    Set<String> labels = new TreeSet<>();
    Matcher selectors = SELECTOR.matcher(expression);
    while (selectors.find()) {
      labels.add(selectors.group(1));
    }
    Matcher groupings = BY.matcher(expression);
    while (groupings.find()) {
      labels.addAll(List.of(groupings.group(1).split(", ?", -1)));
    }
    return labels;
  }
}
