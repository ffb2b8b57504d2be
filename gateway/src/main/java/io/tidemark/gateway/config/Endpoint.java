package io.tidemark.gateway.config;

/**
 * A named listener and where it is.
 *
 * @param name upper case, as in {@code PLAINTEXT://localhost:9092}
 */
public record Endpoint(String name, HostPort address) {
  /** What a listener is called where nobody says. */
  static final String UNNAMED = "PLAINTEXT";

  public String host() {
    return address.host();
  }

  public int port() {
    return address.port();
  }

  @Override
  public String toString() {
    return name + "://" + address;
  }
}
