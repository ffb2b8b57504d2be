package io.tidemark.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.tidemark.scenario.Scenario;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class NodeMetersTest {

  @Test
  @Scenario("S-192")
  void aNameHasALimitedNumberOfSeries() {
    try (NodeMeters meters = new NodeMeters()) {
      for (int i = 0; i < 6_000; i++) {
        Counter.builder("tidemark.test").tag("topic", "t" + i).register(meters.registry());
      }
      assertThat(meters.registry().find("tidemark.test").counters()).hasSize(5_000);
      meters.registry().remove(meters.registry().get("tidemark.test").tag("topic", "t1").counter());
      Counter.builder("tidemark.test").tag("topic", "new").register(meters.registry());
      assertThat(meters.registry().find("tidemark.test").tag("topic", "new").counter()).isNotNull();
    }
  }

  @Test
  @Scenario("S-192")
  void tagValuesCannotBreakTheFormat() {
    try (NodeMeters meters = new NodeMeters()) {
      Counter.builder("tidemark.test").tag("topic", "a\"b\nc\\d").register(meters.registry());
      assertThat(meters.scrape().lines().filter(l -> l.startsWith("tidemark_test")))
          .containsExactly("tidemark_test_total{topic=\"a\\\"b\\nc\\\\d\"} 0.0");
    }
  }

  @Test
  void requestsHaveCountLatencyAndBytes() {
    try (NodeMeters meters = new NodeMeters()) {
      RequestMetrics requests = new RequestMetrics(meters.registry());
      requests.answered(ApiKeys.FETCH, 10, null, 20, 1_000_000);
      assertThat(meters.scrape())
          .contains(
              "tidemark_requests_seconds_count{api=\"Fetch\"} 1",
              "tidemark_requests_seconds{api=\"Fetch\",quantile=\"0.999\"}",
              "tidemark_requests_in_bytes_total{api=\"Fetch\"} 10.0",
              "tidemark_requests_out_bytes_total{api=\"Fetch\"} 20.0");
    }
  }
}
