package io.tidemark.bench.server;

import java.io.IOException;

/** Starts servers of one kind. */
public interface Launcher {
  /**
   * Starts a server over the home, which may hold the data of an earlier one, and waits until it
   * serves.
   *
   * @throws IllegalStateException when it ends or does not serve in time; the message holds the end
   *     of its log, and no process is left
   */
  Server launch(ServerHome home, ServerSettings settings) throws IOException, InterruptedException;
}
