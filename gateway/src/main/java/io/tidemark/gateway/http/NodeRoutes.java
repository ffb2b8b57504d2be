package io.tidemark.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** The routes every node has: probes and metrics. */
public final class NodeRoutes {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private NodeRoutes() {}

  /** {@code /livez}: the process answers. */
  public static Route livez() {
    return Route.get("/livez", request -> HttpResponse.text(200, "ok\n"));
  }

  /** {@code /readyz}: 200 when every condition holds, else 503 with those that do not. */
  public static Route readyz(Readiness readiness) {
    return Route.get("/readyz", request -> readyz(readiness.missing()));
  }

  private static HttpResponse readyz(List<String> missing) {
    JsonWriter json = new JsonWriter().object().field("ready", missing.isEmpty());
    json.name("missing").array();
    missing.forEach(json::value);
    json.end().end();
    return HttpResponse.json(missing.isEmpty() ? 200 : 503, json + "\n");
  }

  /** {@code /metrics}: what a Prometheus server scrapes. */
  public static Route metrics(Supplier<String> scrape) {
    return Route.get(
        "/metrics",
        request ->
            new HttpResponse.Full(
                200, PROMETHEUS_TEXT, scrape.get().getBytes(StandardCharsets.UTF_8)));
  }
}
