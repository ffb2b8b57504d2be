package io.tidemark.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every jcstress test of this module, in a process of its own: half a second each, in the long form
 * as many as {@code -Dtidemark.long.seconds} says. One outcome that no test allows fails it, and
 * the report's end says which.
 */
class StressIT {
  private static final int SHORT_MS = 500;

  @Test
  void noOrderOfEventsBreaksWhatThreadsShare(@TempDir Path folder) throws Exception {
    stress(folder, SHORT_MS, 1);
  }

  @Test
  @Tag("long")
  @Tag("byhand")
  void noOrderOfEventsBreaksWhatThreadsShareForLong(@TempDir Path folder) throws Exception {
    stress(folder, Math.toIntExact(Long.getLong("tidemark.long.seconds", 2) * 1_000), 2);
  }

  private static void stress(Path folder, int iterationMs, int forks) throws Exception {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "two threads need two processors");
    Path output = folder.resolve("jcstress.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-c",
                "2",
                "-f",
                Integer.toString(forks),
                "-fsm",
                "1",
                "-iters",
                "1",
                "-time",
                Integer.toString(iterationMs),
                // States are in memory before they are used, and each registers its watches.
                "-strideSize",
                "50",
                "-strideCount",
                "10",
                "-sc",
                "false",
                "-hs",
                "256",
                "-jvmArgs",
                "--sun-misc-unsafe-memory-access=allow",
                "-r",
                folder.resolve("report").toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("it ended").isTrue();
      assertThat(process.exitValue()).as(() -> end(output)).isZero();
      assertThat(Files.readString(output)).contains("Failed tests: No matches");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String end(Path output) {
    try {
      List<String> lines = Files.readAllLines(output);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 80), lines.size()));
    } catch (IOException e) {
      return "(no output: " + e.getMessage() + ")";
    }
  }
}
