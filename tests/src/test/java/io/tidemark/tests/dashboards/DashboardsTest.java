package io.tidemark.tests.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.GeneratedPage;
import io.tidemark.tests.metrics.ShownMetrics;
import io.tidemark.tests.pages.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DashboardsTest {
  private static final Path DEPLOY = GeneratedPage.path("../deploy/src").normalize();
  private static final Pattern RUNBOOK =
      Pattern.compile("runbook_url: docs/operations\\.md#(\\S+)");

  private final SortedMap<String, Set<String>> shown = shown();

  private static SortedMap<String, Set<String>> shown() {
    try {
      return ShownMetrics.labels();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyDashboardIsWrittenAndAsksForWhatANodeShows() {
    return Dashboards.all().stream()
        .map(dashboard -> DynamicTest.dynamicTest(dashboard.id(), () -> check(dashboard)));
  }

  private void check(Dashboard dashboard) throws IOException {
    List<String> unknown =
        dashboard.panels().stream()
            .flatMap(panel -> panel.lines().stream())
            .flatMap(line -> Expressions.unknown(line.expression(), shown).stream())
            .toList();
    assertThat(unknown).isEmpty();
    GeneratedPage.check(
        "../deploy/src/grafana/" + dashboard.id() + ".json", GrafanaJson.of(dashboard));
  }

  @Test
  void noDashboardIsLeftOver() throws IOException {
    try (Stream<Path> files = Files.list(DEPLOY.resolve("grafana"))) {
      assertThat(files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()))
          .isEqualTo(
              Dashboards.all().stream()
                  .map(each -> each.id() + ".json")
                  .collect(Collectors.toSet()));
    }
  }

  @Test
  void everyAlertAsksForWhatANodeShowsAndHasARunbook() throws IOException {
    String alerts = Files.readString(DEPLOY.resolve("prometheus/alerts.yml"));
    List<String> expressions =
        alerts.lines().map(String::strip).filter(line -> line.startsWith("expr: ")).toList();
    assertThat(expressions).isNotEmpty();
    assertThat(expressions)
        .allSatisfy(line -> assertThat(Expressions.unknown(line, shown)).isEmpty());

    Set<String> anchors = Page.read(GeneratedPage.path("operations.md")).anchors();
    List<String> runbooks = RUNBOOK.matcher(alerts).results().map(found -> found.group(1)).toList();
    assertThat(runbooks).hasSameSizeAs(expressions);
    assertThat(anchors).containsAll(runbooks);
  }

  @Test
  void whatNoNodeShowsIsNoticed() {
    SortedMap<String, Set<String>> known = new TreeMap<>();
    known.put("tidemark_requests_seconds", Set.of("api"));
    assertThat(
            Expressions.unknown(
                "sum by (api) (rate(tidemark_requests_seconds_count[$rate]))", known))
        .isEmpty();
    assertThat(Expressions.unknown("tidemark_request_seconds", known))
        .containsExactly("tidemark_request_seconds");
    assertThat(
            Expressions.unknown("tidemark_requests_seconds{topic=\"a\",quantile=\"0.5\"}", known))
        .containsExactly("topic");
  }
}
