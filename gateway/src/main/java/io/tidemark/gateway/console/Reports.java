package io.tidemark.gateway.console;

import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.gateway.http.JsonWriter;
import java.util.Collection;

/** What the reports have in common. */
final class Reports {
  private Reports() {}

  static HttpResponse answer(JsonWriter json) {
    return HttpResponse.json(200, json + "\n");
  }

  static HttpResponse missing(String what) {
    return HttpResponse.json(404, new JsonWriter().object().field("error", what).end() + "\n");
  }

  static void ids(JsonWriter json, String name, Collection<Integer> ids) {
    json.name(name).array();
    ids.forEach(id -> json.value((long) id));
    json.end();
  }

  static void number(JsonWriter json, String name, double value) {
    json.name(name).value(value);
  }

  /**
   * A parameter that has to be there.
   *
   * @throws IllegalArgumentException when it is not
   */
  static String required(HttpRequest request, String name) {
    return request
        .parameter(name)
        .orElseThrow(() -> new IllegalArgumentException("which " + name + "?"));
  }
}
