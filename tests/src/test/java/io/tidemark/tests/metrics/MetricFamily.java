package io.tidemark.tests.metrics;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One metric as Prometheus knows it.
 *
 * @param labels without those of quantiles and buckets
 */
record MetricFamily(String name, String type, SortedSet<String> labels, String help) {

  MetricFamily {
    labels = new TreeSet<>(labels);
  }

  MetricFamily withLabels(SortedSet<String> more) {
    SortedSet<String> all = new TreeSet<>(labels);
    all.addAll(more);
    return new MetricFamily(name, type, all, help);
  }
}
