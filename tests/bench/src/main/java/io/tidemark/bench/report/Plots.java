package io.tidemark.bench.report;

import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.server.Side;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler;

/** One plot for each quantity that at least one case shows: bars of both servers, case by case. */
final class Plots {
  private static final Map<Quantity, String> TITLES =
      Map.of(
          Quantity.MB_PER_SECOND, "Throughput, MB/s (more is better)",
          Quantity.RECORDS_PER_SECOND, "Records of 100 B per second (more is better)",
          Quantity.CPU_PER_GB, "Server CPU, seconds per GB (less is better)",
          Quantity.P99_MS, "End to end latency, 99th percentile, ms (less is better)",
          Quantity.START_SECONDS, "Start to ready, seconds (less is better)",
          Quantity.IDLE_MIB, "Idle resident memory, MiB (less is better)",
          Quantity.PEAK_MIB, "Peak resident memory, MiB (less is better)");

  private static final Color KAFKA_COLOR = new Color(0x9A, 0xA5, 0xB1);
  private static final Color TIDEMARK_COLOR = new Color(0x1F, 0x77, 0xB4);
  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;
  private static final int LABEL_DEGREES = 35;

  private Plots() {}

  /** Writes the plots into the folder; answers their names in a fixed order. */
  static List<String> write(List<Row> rows, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> names = new ArrayList<>();
    for (Quantity quantity : Quantity.values()) {
      String title = TITLES.get(quantity);
      List<Row> shown =
          rows.stream()
              .filter(row -> row.quantity() == quantity)
              .filter(row -> row.benchCase().first() == Side.KAFKA)
              .toList();
      if (title != null && !shown.isEmpty()) {
        String name = quantity.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".svg";
        VectorGraphicsEncoder.saveVectorGraphic(
            chart(title, shown), folder.resolve(name).toString(), VectorGraphicsFormat.SVG);
        names.add(name);
      }
    }
    return names;
  }

  private static CategoryChart chart(String title, List<Row> rows) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .theme(Styler.ChartTheme.XChart)
            .build();
    List<String> names = rows.stream().map(row -> row.benchCase().name()).toList();
    series(chart, Side.KAFKA, names, rows.stream().map(row -> row.comparison().first()).toList())
        .setFillColor(KAFKA_COLOR);
    series(
            chart,
            Side.TIDEMARK,
            names,
            rows.stream().map(row -> row.comparison().second()).toList())
        .setFillColor(TIDEMARK_COLOR);
    chart.getStyler().setXAxisLabelRotation(LABEL_DEGREES);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
    chart.getStyler().setYAxisMin(0.0);
    return chart;
  }

  private static CategorySeries series(
      CategoryChart chart, Side side, List<String> names, List<Double> values) {
    return chart.addSeries(side.title(), names, values);
  }
}
