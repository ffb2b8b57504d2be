package io.tidemark.bench.report;

import io.tidemark.bench.measure.Quantity;
import io.tidemark.bench.server.Side;
import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;

/** One plot for each quantity that at least one case shows: bars of both servers, case by case. */
final class Plots {
  private static final Map<Quantity, String> TITLES =
      Map.ofEntries(
          Map.entry(Quantity.MB_PER_SECOND, "Throughput, MB/s (more is better)"),
          Map.entry(Quantity.RECORDS_PER_SECOND, "Records of 100 B per second (more is better)"),
          Map.entry(Quantity.CPU_PER_GB, "Server CPU, seconds per GB (less is better)"),
          Map.entry(Quantity.P99_MS, "Latency, 99th percentile, ms (less is better)"),
          Map.entry(Quantity.START_SECONDS, "Start to ready, seconds (less is better)"),
          Map.entry(Quantity.IDLE_MIB, "Idle resident memory, MiB (less is better)"),
          Map.entry(Quantity.PEAK_MIB, "Peak resident memory, MiB (less is better)"),
          Map.entry(
              Quantity.FAILOVER_MS,
              "From kill -9 of a leader to the next acknowledgement, ms (less is better)"));

  private static final Color KAFKA_COLOR = new Color(0x9A, 0xA5, 0xB1);
  private static final Color TIDEMARK_COLOR = new Color(0x1F, 0x77, 0xB4);
  private static final Color GRID_COLOR = new Color(0xDD, 0xDD, 0xDD);
  private static final Font TITLE_FONT = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  private static final int WIDTH = 860;
  private static final int FRAME_HEIGHT = 110;
  private static final int CASE_HEIGHT = 48;
  private static final double ROOM_FOR_LABELS = 0.12;

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
        Files.writeString(folder.resolve(name), svg(chart(title, quantity, shown), shown.size()));
        names.add(name);
      }
    }
    return names;
  }

  private static JFreeChart chart(String title, Quantity quantity, List<Row> rows) {
    JFreeChart chart =
        ChartFactory.createBarChart(
            title, null, null, dataset(rows), PlotOrientation.HORIZONTAL, true, false, false);
    chart.getTitle().setFont(TITLE_FONT);
    CategoryPlot plot = chart.getCategoryPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(GRID_COLOR);
    plot.setOutlineVisible(false);
    plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
    plot.getRangeAxis().setUpperMargin(ROOM_FOR_LABELS);
    plot.setRenderer(bars(quantity));
    return chart;
  }

  private static CategoryDataset dataset(List<Row> rows) {
    DefaultCategoryDataset dataset = new DefaultCategoryDataset();
    for (Row row : rows) {
      String name = row.benchCase().name();
      dataset.addValue(row.comparison().first(), Side.KAFKA.title(), name);
      dataset.addValue(row.comparison().second(), Side.TIDEMARK.title(), name);
    }
    return dataset;
  }

  private static BarRenderer bars(Quantity quantity) {
    NumberFormat format = NumberFormat.getInstance(Locale.ROOT);
    format.setMinimumFractionDigits(quantity.decimals());
    format.setMaximumFractionDigits(quantity.decimals());
    BarRenderer bars = new BarRenderer();
    bars.setBarPainter(new StandardBarPainter());
    bars.setShadowVisible(false);
    bars.setItemMargin(0);
    bars.setSeriesPaint(0, KAFKA_COLOR);
    bars.setSeriesPaint(1, TIDEMARK_COLOR);
    bars.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", format));
    bars.setDefaultItemLabelsVisible(true);
    bars.setDefaultPositiveItemLabelPosition(
        new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
    return bars;
  }

  private static String svg(JFreeChart chart, int cases) {
    int height = FRAME_HEIGHT + cases * CASE_HEIGHT;
    SVGGraphics2D drawing = new SVGGraphics2D(WIDTH, height);
    // Otherwise it would be made of the time, and every plot would differ from the one before.
    drawing.setDefsKeyPrefix("plot");
    chart.draw(drawing, new Rectangle(WIDTH, height));
    return drawing.getSVGDocument();
  }
}
