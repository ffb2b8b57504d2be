package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A seed replays step by step: again in the same process, and in another one. Where this fails,
 * {@code -Dtidemark.trace=FOLDER} shows the first step that differs.
 */
@Tag("long")
class ClusterReplayTest {
  private static final long SEED = 1;
  private static final long PROCESS_LIMIT_SECONDS = 300;

  private static List<Replay> lives() {
    return Arrays.stream(Replay.Kind.values()).map(kind -> new Replay(kind, SEED)).toList();
  }

  @Test
  void aSeedReplaysInTheSameProcessAndInAnother(@TempDir Path folder) throws Exception {
    List<String> results = lives().stream().map(Replay::result).toList();

    assertThat(lives().stream().map(Replay::result).toList()).isEqualTo(results);
    assertThat(ofAnotherProcess(folder)).isEqualTo(results);
  }

  @Test
  void anotherSeedIsAnotherLife() {
    assertThat(ClusterLife.of(SEED).trace()).isNotEqualTo(ClusterLife.of(SEED + 1).trace());
  }

  private static List<String> ofAnotherProcess(Path folder)
      throws IOException, InterruptedException {
    Path said = folder.resolve("out");
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(command())
            .redirectOutput(said.toFile())
            .redirectError(errors.toFile())
            .start();
    boolean isOver = process.waitFor(PROCESS_LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(isOver && process.exitValue() == 0).as(() -> lastLines(errors)).isTrue();
    try (Stream<String> lines = Files.lines(said)) {
      return lines.filter(Replay::isResult).toList();
    }
  }

  private static List<String> command() {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djdk.trackAllThreads=false",
                "-XX:TieredStopAtLevel=1",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Replay.class.getName()));
    lives().forEach(life -> command.add(life.argument()));
    return command;
  }

  private static String lastLines(Path errors) {
    try {
      List<String> lines = Files.readAllLines(errors);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return "(" + e.getMessage() + ")";
    }
  }
}
