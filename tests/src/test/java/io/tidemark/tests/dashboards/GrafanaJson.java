package io.tidemark.tests.dashboards;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A dashboard as Grafana imports it (schema version 41): two graphs in a row, a choice of nodes.
 */
final class GrafanaJson {
  private static final int SCHEMA_VERSION = 41;
  private static final int WIDTH = 12;
  private static final int HEIGHT = 8;
  private static final Map<String, Object> SOURCE =
      ordered("type", "prometheus", "uid", "${source}");

  private GrafanaJson() {}

  static String of(Dashboard dashboard) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("uid", dashboard.id());
    json.put("title", dashboard.title());
    json.put("tags", List.of("tidemark"));
    json.put("schemaVersion", SCHEMA_VERSION);
    json.put("editable", true);
    json.put("graphTooltip", 1);
    json.put("refresh", "30s");
    json.put("time", ordered("from", "now-3h", "to", "now"));
    json.put("templating", Map.of("list", List.of(source(), rate())));
    List<Object> panels = new ArrayList<>();
    for (Panel panel : dashboard.panels()) {
      panels.add(panel(panel, panels.size()));
    }
    json.put("panels", panels);
    return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(json) + "\n";
  }

  private static Map<String, Object> source() {
    return ordered(
        "name", "source", "label", "Data source", "type", "datasource", "query", "prometheus");
  }

  private static Map<String, Object> rate() {
    return ordered(
        "name",
        "rate",
        "label",
        "Rates over",
        "type",
        "interval",
        "query",
        "1m,5m,30m,1h",
        "current",
        ordered("text", "5m", "value", "5m"));
  }

  private static Map<String, Object> panel(Panel panel, int number) {
    List<Object> targets = new ArrayList<>();
    for (Panel.Line line : panel.lines()) {
      targets.add(
          ordered(
              "refId", String.valueOf((char) ('A' + targets.size())),
              "datasource", SOURCE,
              "expr", line.expression(),
              "legendFormat", line.legend()));
    }
    return ordered(
        "id",
        number + 1,
        "type",
        "timeseries",
        "title",
        panel.title(),
        "description",
        panel.description(),
        "datasource",
        SOURCE,
        "gridPos",
        ordered("x", number % 2 * WIDTH, "y", number / 2 * HEIGHT, "w", WIDTH, "h", HEIGHT),
        "fieldConfig",
        Map.of("defaults", ordered("unit", panel.unit(), "min", 0)),
        "targets",
        targets);
  }

  private static Map<String, Object> ordered(Object... entries) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      map.put((String) entries[i], entries[i + 1]);
    }
    return map;
  }
}
