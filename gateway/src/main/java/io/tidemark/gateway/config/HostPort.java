package io.tidemark.gateway.config;

/**
 * A host and a port.
 *
 * @param host name or address without brackets; empty for every interface
 */
public record HostPort(String host, int port) {

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
