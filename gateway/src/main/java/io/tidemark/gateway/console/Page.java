package io.tidemark.gateway.console;

import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.JsonWriter;
import java.util.List;
import java.util.Locale;

/**
 * Which part of a long list is asked for: {@code ?page=0&size=50&filter=text}.
 *
 * @param filter in lower case; empty lets everything pass
 */
record Page(int number, int size, String filter) {
  static final int MAX_SIZE = 200;
  private static final int DEFAULT_SIZE = 50;

  /**
   * Reads it from a query.
   *
   * @throws IllegalArgumentException saying which parameter is wrong
   */
  static Page of(HttpRequest request) {
    return new Page(
        number(request, "page", 0, Integer.MAX_VALUE / MAX_SIZE, 0),
        number(request, "size", 1, MAX_SIZE, DEFAULT_SIZE),
        request.parameter("filter").orElse("").strip().toLowerCase(Locale.ROOT));
  }

  static int number(HttpRequest request, String name, int min, int max, int otherwise) {
    String text = request.parameter(name).orElse("");
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is a number, not '" + text + "'", e);
    }
    throw new IllegalArgumentException(name + " is from " + min + " to " + max);
  }

  boolean lets(String name) {
    return filter.isEmpty() || name.toLowerCase(Locale.ROOT).contains(filter);
  }

  <T> List<T> of(List<T> all) {
    int from = Math.min(number * size, all.size());
    return all.subList(from, Math.min(from + size, all.size()));
  }

  void write(JsonWriter json, int total) {
    json.field("total", total).field("page", number).field("size", size);
  }
}
