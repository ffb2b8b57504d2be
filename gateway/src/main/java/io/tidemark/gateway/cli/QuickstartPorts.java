package io.tidemark.gateway.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Three free ports of the loopback address: for Kafka clients, the quorum and HTTP. A port that is
 * taken is stepped over, and said; 0 asks for any.
 */
record QuickstartPorts(int kafka, int quorum, int http) {
  private static final int STEPS = 200;

  static QuickstartPorts choose(int wanted, Consumer<String> said) throws IOException {
    Set<Integer> chosen = new HashSet<>();
    int kafka = choose(wanted, chosen, said);
    int quorum = choose(wanted == 0 ? 0 : kafka + 1, chosen, said);
    int http = choose(wanted == 0 ? 0 : quorum + 1, chosen, said);
    return new QuickstartPorts(kafka, quorum, http);
  }

  /** The first free port from one on that was not chosen before; 0 asks for any. */
  static int choose(int wanted, Set<Integer> chosen, Consumer<String> said) throws IOException {
    if (wanted == 0) {
      return any(chosen);
    }
    for (int port = wanted; port < wanted + STEPS && port <= 65_535; port++) {
      if (isFree(port) && chosen.add(port)) {
        if (port != wanted) {
          said.accept("port " + wanted + " is taken, using " + port);
        }
        return port;
      }
    }
    throw CommandFailure.refused("no free port from " + wanted + " on; choose another with --port");
  }

  private static int any(Set<Integer> chosen) throws IOException {
    int port;
    do {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = socket.getLocalPort();
      }
    } while (!chosen.add(port));
    return port;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
