package io.tidemark.bench.server;

import io.tidemark.bench.machine.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server process. Used by one thread; closing it kills what still runs, by its own pid. */
public final class Server implements Servers {
  private static final long STOP_SECONDS = 120;
  private static final int LINES_SHOWN = 30;

  private final Side side;
  private final ServerHome home;
  private final Process process;
  private final Usage start;

  Server(Side side, ServerHome home, Process process, Usage start) {
    this.side = side;
    this.home = home;
    this.process = process;
    this.start = start;
  }

  public Side side() {
    return side;
  }

  public ServerHome home() {
    return home;
  }

  @Override
  public String bootstrap() {
    return home.bootstrap();
  }

  @Override
  public Endpoint encrypted() {
    return new Endpoint(home.encryptedAddress(), home.keys().ofClients());
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public List<Long> pids() {
    return List.of(pid());
  }

  /** From the start of the process until a client was served. */
  public Usage start() {
    return start;
  }

  /** SIGTERM, and waits until the process has ended in order. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      close();
      throw new IllegalStateException(side.title() + " did not stop within " + STOP_SECONDS + " s");
    }
  }

  /** SIGKILL, and waits until nothing is left of the process. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** The end of what a server printed. */
  static String logTail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }
}
