package io.tidemark.tests.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
  private static final String SCRAPE =
      """
      # HELP tidemark_requests_seconds Requests | all.
      # TYPE tidemark_requests_seconds summary
      tidemark_requests_seconds{api="Fetch",quantile="0.5"} 1.0
      tidemark_requests_seconds_count{api="Fetch"} 1
      # HELP jvm_threads_live_threads Threads.
      # TYPE jvm_threads_live_threads gauge
      jvm_threads_live_threads 3.0
      """;

  @Test
  void aScrapeIsReadByFamily() {
    SortedMap<String, MetricFamily> families = MetricFamilies.of(SCRAPE);
    assertThat(families).hasSize(2);
    assertThat(families.get("tidemark_requests_seconds").labels()).containsExactly("api");
    assertThat(families.get("jvm_threads_live_threads").type()).isEqualTo("gauge");
  }

  @Test
  void aPageIsReadBackAsItWasWritten() {
    SortedMap<String, MetricFamily> families = MetricFamilies.of(SCRAPE);
    assertThat(MetricsPage.read(MetricsPage.markdown(families))).isEqualTo(families);
  }
}
