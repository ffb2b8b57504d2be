package io.tidemark.gateway.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows under named columns, printed as an aligned table or as a JSON array of objects. A column's
 * name is lower case with spaces in a table ({@code log end}) and camel case in JSON ({@code
 * logEnd}).
 */
final class Result {
  private final List<String> columns;
  private final List<List<@Nullable Object>> rows = new ArrayList<>();

  Result(String... columns) {
    this.columns = List.of(columns);
  }

  void add(@Nullable Object... row) {
    if (row.length != columns.size()) {
      throw new IllegalStateException(row.length + " values for " + columns.size() + " columns");
    }
    rows.add(Arrays.asList(row));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void print(PrintWriter out, OutputFormat format) {
    switch (format) {
      case table -> printTable(out);
      case json -> printJson(out, objects());
    }
    out.flush();
  }

  /** Prints one JSON value followed by a line feed. */
  static void printJson(PrintWriter out, Object value) {
    try {
      out.println(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.flush();
  }

  List<Map<String, @Nullable Object>> objects() {
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        object.put(camelCase(columns.get(i)), row.get(i));
      }
      objects.add(object);
    }
    return objects;
  }

  private void printTable(PrintWriter out) {
    int[] widths = columns.stream().mapToInt(String::length).toArray();
    for (List<@Nullable Object> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cell(row.get(i)).length());
      }
    }
    printRow(out, widths, columns.stream().map(String::toUpperCase).toList(), columns);
    for (List<@Nullable Object> row : rows) {
      printRow(out, widths, row.stream().map(Result::cell).toList(), row);
    }
  }

  private void printRow(
      PrintWriter out, int[] widths, List<String> cells, List<? extends @Nullable Object> values) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      boolean right = isNumeric(i);
      String pad = " ".repeat(widths[i] - cells.get(i).length());
      line.append(right ? pad + cells.get(i) : cells.get(i) + pad).append("  ");
    }
    out.println(line.toString().stripTrailing());
  }

  private boolean isNumeric(int column) {
    return !rows.isEmpty()
        && rows.stream()
            .allMatch(row -> row.get(column) == null || row.get(column) instanceof Number)
        && rows.stream().anyMatch(row -> row.get(column) != null);
  }

  private static String cell(@Nullable Object value) {
    return switch (value) {
      case null -> "-";
      case List<?> list -> String.join(",", list.stream().map(String::valueOf).toList());
      default -> value.toString();
    };
  }

  static String camelCase(String column) {
    StringBuilder name = new StringBuilder();
    for (String word : column.split(" ", -1)) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }
}
