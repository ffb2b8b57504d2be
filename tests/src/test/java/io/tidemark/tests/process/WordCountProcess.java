package io.tidemark.tests.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link WordCount} as a process, killed and started again over the same folder. Used by one
 * thread; its owner closes it, which kills what still runs.
 */
final class WordCountProcess implements AutoCloseable {
  private final String bootstrapServers;
  private final Path home;
  private int starts;
  private @Nullable Process process;

  WordCountProcess(String bootstrapServers, Path home) {
    this.bootstrapServers = bootstrapServers;
    this.home = home;
  }

  void start() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WordCount.class.getName(),
                bootstrapServers,
                home.resolve("state").toString())
            .redirectErrorStream(true)
            .redirectOutput(log(++starts).toFile())
            .start();
  }

  /** SIGKILL: no transaction is ended, no member leaves its group. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running == null || !running.isAlive()) {
      throw new IllegalStateException("the word count does not run:\n" + logTail());
    }
    running.destroyForcibly().waitFor();
  }

  /** The last lines that the running or last process logged. */
  String logTail() {
    try {
      List<String> lines = Files.readAllLines(log(starts));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private Path log(int start) {
    return home.resolve("word-count-" + start + ".log");
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
