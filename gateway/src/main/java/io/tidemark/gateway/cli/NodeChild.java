package io.tidemark.gateway.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A node as a process of its own, started like this one and over a folder of its own; what it logs
 * goes to a file there. Ended by SIGTERM or SIGKILL, and started again. Used by one thread, but
 * {@link #close} by any. Its owner closes it.
 */
final class NodeChild implements AutoCloseable {
  private static final long START_SECONDS = 120;
  private static final long STOP_SECONDS = 20;
  private static final String READY = "tidemark ready:";

  private final int id;
  private final Path folder;
  private final Map<String, String> settings;

  /** Volatile because who closes may be another thread. */
  private volatile @Nullable Process process;

  private volatile boolean isClosed;

  NodeChild(int id, Path folder, Map<String, String> settings) {
    this.id = id;
    this.folder = folder;
    this.settings = Map.copyOf(settings);
  }

  int id() {
    return id;
  }

  /** Starts the process; the future is done when it serves, and fails when it ended instead. */
  CompletableFuture<Void> start() throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>(jvm());
    command.addAll(List.of("io.tidemark.gateway.cli.Tidemark", "server"));
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Process started;
    synchronized (this) {
      if (isClosed) {
        throw new IOException("The quickstart is ending");
      }
      started =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      process = started;
    }
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Thread.ofVirtual().name("node-" + id).start(() -> follow(started, ready));
    return ready;
  }

  /** This process's own Java and class path, with a small heap and the log on standard error. */
  private static List<String> jvm() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-XX:+UseCompactObjectHeaders",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        "-Xmx256m",
        "-Dlogback.configurationFile=logback.xml",
        "-cp",
        System.getProperty("java.class.path"));
  }

  /** Reads the output to its end, so that the node never waits for somebody to read it. */
  private static void follow(Process started, CompletableFuture<Void> ready) {
    try (BufferedReader out = started.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(READY)) {
          ready.complete(null);
        }
      }
      ready.completeExceptionally(new IOException("it ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  /**
   * Waits until the node serves.
   *
   * @throws CommandFailure when it does not, with where it says why
   */
  void await(CompletableFuture<Void> ready) throws InterruptedException {
    try {
      ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw CommandFailure.refused("node %d did not start; %s says why".formatted(id, log()));
    }
  }

  /** SIGKILL: nothing is flushed or handed over. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().waitFor();
    }
  }

  /** SIGTERM, and SIGKILL to one that does not end in time. */
  void stop() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroy();
      if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    }
  }

  private Path log() {
    return folder.resolve("node.log");
  }

  /** Lets the process end; nothing is started any more. */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    try {
      stop();
    } catch (InterruptedException e) {
      Process running = process;
      if (running != null) {
        running.destroyForcibly();
      }
      Thread.currentThread().interrupt();
    }
  }
}
