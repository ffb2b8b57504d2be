package io.tidemark.gateway.config;

/**
 * A host and a port.
 *
 * @param host name or address without brackets; empty for every interface
 */
public record HostPort(String host, int port) {

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws org.apache.kafka.common.config.ConfigException when it is none
   */
  public static HostPort parse(String text) {
    return ListenerParser.hostPort("address", text);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
