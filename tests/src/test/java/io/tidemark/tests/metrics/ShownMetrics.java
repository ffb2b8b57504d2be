package io.tidemark.tests.metrics;

import io.tidemark.gateway.GeneratedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The metrics of the reference page, which are those that a working node shows. */
public final class ShownMetrics {
  private ShownMetrics() {}

  /** The labels of each metric, without those of quantiles and buckets. */
  public static SortedMap<String, Set<String>> labels() throws IOException {
    SortedMap<String, Set<String>> labels = new TreeMap<>();
    MetricsPage.read(Files.readString(GeneratedPage.path(MetricsPage.NAME)))
        .forEach((name, family) -> labels.put(name, family.labels()));
    return labels;
  }
}
