package io.tidemark.bench.server;

import java.util.Map;

/**
 * Where Kafka's clients find a server, and as what they come.
 *
 * @param security of the client's settings; empty where it comes in plain text
 */
public record Endpoint(String bootstrap, Map<String, String> security) {
  public Endpoint {
    security = Map.copyOf(security);
  }

  public static Endpoint plain(String bootstrap) {
    return new Endpoint(bootstrap, Map.of());
  }
}
