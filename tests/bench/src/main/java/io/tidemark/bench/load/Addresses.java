package io.tidemark.bench.load;

import java.net.InetSocketAddress;

/** Socket addresses from {@code host:port}. */
final class Addresses {
  private Addresses() {}

  static InetSocketAddress of(String hostPort) {
    int colon = hostPort.lastIndexOf(':');
    return new InetSocketAddress(
        hostPort.substring(0, colon), Integer.parseInt(hostPort.substring(colon + 1)));
  }
}
