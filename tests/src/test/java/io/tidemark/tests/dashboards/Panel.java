package io.tidemark.tests.dashboards;

import java.util.ArrayList;
import java.util.List;

/**
 * One graph.
 *
 * @param unit as Grafana names it: {@code Bps}, {@code bytes}, {@code s}, {@code short}, {@code
 *     percentunit}
 * @param description what it tells, and when to worry
 */
record Panel(String title, String unit, String description, List<Line> lines) {

  /**
   * The lines of one expression.
   *
   * @param expression PromQL; {@code $rate} is the interval of rates
   * @param legend with labels as {@code {{label}}}
   */
  record Line(String expression, String legend) {}

  Panel {
    lines = List.copyOf(lines);
  }

  static Panel of(String title, String unit, String description) {
    return new Panel(title, unit, description, List.of());
  }

  Panel line(String expression, String legend) {
    List<Line> more = new ArrayList<>(lines);
    more.add(new Line(expression, legend));
    return new Panel(title, unit, description, more);
  }

  /** The increase of a counter in a second, summed up by labels. */
  Panel rate(String counter, String labels, String legend) {
    return line("sum by (%s) (rate(%s[$rate]))".formatted(labels, counter), legend);
  }
}
