package io.tidemark.junit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for what has to know its port before it listens. Each is given away once by a process, and
 * they lie below those the system takes for outgoing connections, so that clusters that start at
 * the same time do not meet. Safe from any thread.
 */
final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  /** Processes that start together begin at different places. */
  private static final int STRIDE = 97;

  private static final AtomicInteger given =
      new AtomicInteger((int) (ProcessHandle.current().pid() * STRIDE % COUNT));

  private FreePorts() {}

  static int next() throws IOException {
    for (int tried = 0; tried < COUNT; tried++) {
      int port = FIRST + Math.floorMod(given.getAndIncrement(), COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException("No port from %d to %d is free".formatted(FIRST, FIRST + COUNT - 1));
  }

  private static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException e) {
      return false; // the next one may be free
    }
  }
}
