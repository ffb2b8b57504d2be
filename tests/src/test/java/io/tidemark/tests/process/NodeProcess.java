package io.tidemark.tests.process;

import io.tidemark.gateway.node.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A node as a process: started with {@code server}, ready once it said so on its standard output,
 * ended by SIGTERM or by SIGKILL, started again over the same folders and ports. Used by one
 * thread; its owner closes it, which kills what still runs.
 */
public final class NodeProcess implements AutoCloseable {
  private static final long START_SECONDS = 120;

  /** On standard error, whatever the class path of tests says. */
  private static final String NODES_OWN_LOGGING = "-Dlogback.configurationFile=logback.xml";

  /** Nodes mostly run beside the test. */
  static final Place HERE = new Place("127.0.0.1", List.of());

  private final Path home;
  private final Place place;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private List<String> program = List.of("io.tidemark.gateway.cli.Tidemark", "server");
  private final int kafkaPort;
  private final int httpPort;
  private String heap = "512m";
  private int starts;
  private @Nullable Process process;

  /**
   * Where a node runs.
   *
   * @param host its address
   * @param launcher what stands before its command line, and becomes the node
   */
  record Place(String host, List<String> launcher) {}

  /** A node over folders below {@code home}, on free loopback ports. */
  public NodeProcess(Path home) throws IOException {
    this(home, freePorts(3));
  }

  private NodeProcess(Path home, List<Integer> ports) {
    this(home, ports.get(0), ports.get(1));
    settings.put("listeners", "PLAINTEXT://127.0.0.1:" + kafkaPort);
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + ports.get(2));
  }

  /** A node over folders below {@code home}; its listeners and voters are still to be set. */
  NodeProcess(Path home, int kafkaPort, int httpPort) {
    this(home, HERE, kafkaPort, httpPort);
  }

  NodeProcess(Path home, Place place, int kafkaPort, int httpPort) {
    this.home = home;
    this.place = place;
    this.kafkaPort = kafkaPort;
    this.httpPort = httpPort;
    settings.put("tidemark.http.listener", "127.0.0.1:" + httpPort);
    settings.put("log.dirs", home.resolve("data").toString());
  }

  public NodeProcess with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  String setting(String key) {
    return String.valueOf(settings.get(key));
  }

  /** Runs another main class, with these arguments before the settings. */
  NodeProcess withProgram(Class<?> main, String... arguments) {
    List<String> all = new ArrayList<>(List.of(main.getName()));
    all.addAll(List.of(arguments));
    program = all;
    return this;
  }

  /** The heap's upper bound, as the JVM takes it; outside of the heap as much again is allowed. */
  public NodeProcess withHeap(String most) {
    heap = most;
    return this;
  }

  /** Uses a folder below home as object store. */
  public NodeProcess withDirectoryStore() {
    return with("tiering.store", home.resolve("store").toUri().toString());
  }

  public String bootstrapServer() {
    return place.host + ":" + kafkaPort;
  }

  public String http() {
    return "127.0.0.1:" + httpPort;
  }

  public Path home() {
    return home;
  }

  /**
   * Starts the process and waits until it says that it is ready; answers that line.
   *
   * @throws IllegalStateException when it ends instead; the message holds the end of its log
   */
  public String start() throws IOException {
    Process started = launch();
    CompletableFuture<String> ready = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("node-output").start(() -> follow(started, ready));
    try {
      return ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      started.destroyForcibly();
      throw new IllegalStateException("the node did not become ready:\n" + logTail(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>(place.launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseCompactObjectHeaders",
            "-Xmx" + heap,
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1",
            NODES_OWN_LOGGING,
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(program);
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Process started = new ProcessBuilder(command).redirectError(log(++starts).toFile()).start();
    process = started;
    return started;
  }

  /** Starts the process and waits until it has logged a line that holds a text. */
  void startUntilLogged(String text) throws IOException {
    Process started = launch();
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(START_SECONDS))
          .until(() -> logTail().contains(text) || !started.isAlive());
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException("it did not log '" + text + "':\n" + logTail(), e);
    }
  }

  /** Reads the standard output to its end, so that the node never waits for somebody to read it. */
  private static void follow(Process started, CompletableFuture<String> ready) {
    try (BufferedReader out = started.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = out.readLine()) != null) {
        if (line.startsWith("tidemark ready:")) {
          ready.complete(line);
        }
      }
      ready.completeExceptionally(new IllegalStateException("it ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  /** SIGKILL: nothing is flushed or closed. */
  public void kill() throws InterruptedException {
    Process running = running();
    running.destroyForcibly();
    running.waitFor();
  }

  /** SIGTERM; answers the exit code. */
  public int stop() throws InterruptedException {
    Process running = running();
    running.destroy();
    if (!running.waitFor(100, TimeUnit.SECONDS)) {
      running.destroyForcibly().waitFor();
      throw new IllegalStateException("SIGTERM was not followed within 100 s:\n" + logTail());
    }
    return running.exitValue();
  }

  /** SIGSTOP: it neither runs nor closes its connections. */
  void freeze() throws Exception {
    signal("-STOP");
  }

  /** SIGCONT. */
  void thaw() throws Exception {
    signal("-CONT");
  }

  private void signal(String signal) throws Exception {
    int code =
        new ProcessBuilder("kill", signal, Long.toString(pid())).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("kill %s ended with %d".formatted(signal, code));
    }
  }

  /** Deletes the logs of a node that does not run; what its voter has promised stays. */
  void loseLogs() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        boolean isKept =
            file.startsWith(home.resolve("data").resolve("quorum"))
                || file.equals(home.resolve("data"));
        if (!isKept) {
          Files.delete(file);
        }
      }
    }
  }

  /** Deletes everything of a node that does not run: it has promised nothing any more. */
  void loseEverything() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  public long pid() {
    return running().pid();
  }

  public boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null && running.isAlive()) {
      running.destroyForcibly();
    }
  }

  /** The last lines that the running or last process logged. */
  public String logTail() {
    try {
      List<String> lines = Files.readAllLines(log(starts));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private Path log(int start) {
    return home.resolve("node-" + start + ".log");
  }

  private Process running() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("the node was never started");
    }
    return running;
  }

  static List<Integer> freePorts(int count) throws IOException {
    return FreePorts.of(count);
  }
}
