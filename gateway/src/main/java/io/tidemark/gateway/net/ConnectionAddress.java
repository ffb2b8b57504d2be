package io.tidemark.gateway.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Who is connected to whom.
 *
 * @param id as Kafka writes it: {@code local:port-remote:port-number}
 */
record ConnectionAddress(String id, InetAddress client, int clientPort) {

  static ConnectionAddress of(InetSocketAddress local, InetSocketAddress remote, long number) {
    String id = text(local) + "-" + text(remote) + "-" + number;
    return new ConnectionAddress(id, remote.getAddress(), remote.getPort());
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
