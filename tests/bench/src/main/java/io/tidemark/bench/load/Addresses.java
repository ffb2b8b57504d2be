package io.tidemark.bench.load;

import java.net.InetSocketAddress;

/** Socket addresses from {@code host:port,…}. */
final class Addresses {
  private Addresses() {}

  /** The first of the list. */
  static InetSocketAddress of(String bootstrap) {
    String hostPort = bootstrap.split(",", 2)[0];
    int colon = hostPort.lastIndexOf(':');
    return new InetSocketAddress(
        hostPort.substring(0, colon), Integer.parseInt(hostPort.substring(colon + 1)));
  }
}
