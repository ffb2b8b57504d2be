package io.tidemark.tests.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** What a node's metrics say at one moment. */
record Scrape(String page) {

  static Scrape of(NodeProcess node) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://" + node.http() + "/metrics");
      return new Scrape(
          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    }
  }

  /** The series' value, such as {@code a_total{topic="t"}}; 0 when it is not there. */
  double value(String series) {
    return page.lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length()).strip()))
        .sum();
  }
}
