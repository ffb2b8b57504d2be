package io.tidemark.tests.metrics;

import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the families of a scrape.
 *
 * <pre>
 *   # HELP name text
 *   # TYPE name type
 *   name{label="value",…} number
 * </pre>
 */
final class MetricFamilies {
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.*)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Set<String> OF_THE_TYPE = Set.of("quantile", "le");

  private MetricFamilies() {}

  static SortedMap<String, MetricFamily> of(String scrape) {
    SortedMap<String, MetricFamily> families = new TreeMap<>();
    String help = "";
    String current = "";
    for (String line : scrape.lines().toList()) {
      Matcher helpLine = HELP.matcher(line);
      Matcher typeLine = TYPE.matcher(line);
      if (helpLine.matches()) {
        help = helpLine.group(2);
      } else if (typeLine.matches()) {
        current = typeLine.group(1);
        families.put(current, new MetricFamily(current, typeLine.group(2), new TreeSet<>(), help));
        help = "";
      } else if (families.containsKey(current)) {
        families.computeIfPresent(current, (name, family) -> family.withLabels(labels(line)));
      }
    }
    return families;
  }

  private static SortedSet<String> labels(String sample) {
    SortedSet<String> labels = new TreeSet<>();
    Matcher label = LABEL.matcher(sample);
    while (label.find()) {
      labels.add(label.group(1));
    }
    labels.removeAll(OF_THE_TYPE);
    return labels;
  }
}
