package io.tidemark.gateway.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Loopback ports for nodes that have to know them before they listen, and that listen on them again
 * after they were killed. Each is given away once by a process, and they lie below those the system
 * takes for outgoing connections, which a client that connects again could otherwise get. Safe from
 * any thread.
 */
public final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int ALL = 12_000;

  /**
   * JVMs that share the tests of a build have parts of their own, or one would take the port of a
   * node that the other has killed.
   */
  private static final int FORKS = Integer.getInteger("tests.forks", 1);

  private static final int COUNT = ALL / FORKS;
  private static final int PART = FIRST + (Integer.getInteger("tests.fork", 1) - 1) % FORKS * COUNT;

  /** Processes that start together begin at different places. */
  private static final int STRIDE = 97;

  private static final int BEGIN = (int) (ProcessHandle.current().pid() * STRIDE % COUNT);

  private static final AtomicInteger tried = new AtomicInteger();

  private FreePorts() {}

  public static List<Integer> of(int count) throws IOException {
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < count) {
      ports.add(next());
    }
    return ports;
  }

  private static int next() throws IOException {
    for (int i = tried.getAndIncrement(); i < COUNT; i = tried.getAndIncrement()) {
      int port = PART + (BEGIN + i) % COUNT;
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException("No port from %d to %d is left".formatted(PART, PART + COUNT - 1));
  }

  private static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException e) {
      return false; // the next one may be free
    }
  }
}
