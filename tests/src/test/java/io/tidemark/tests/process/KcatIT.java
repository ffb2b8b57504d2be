package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * kcat, a client over librdkafka, produces and consumes. Skipped with a message where it is
 * missing.
 */
class KcatIT {
  private static final long HANG_GUARD_SECONDS = 180;

  @TempDir static Path home = Path.of("");
  private static NodeProcess node;

  @BeforeAll
  static void startNode() throws IOException {
    assumeTrue(isInstalled(), "kcat is not installed (Debian package kcat): its tests are skipped");
    node = new NodeProcess(home).with("auto.create.topics.enable", "true");
    node.start();
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void recordsOfEveryCodecComeBackWithKeysAndHeaders(String codec) throws Exception {
    String topic = "kcat-" + codec;
    StringBuilder lines = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      lines.append("key").append(i).append(":value ").append(i).append('\n');
      expected.add("key%d|value %d|who=kcat,n=1".formatted(i, i));
    }

    run(lines.toString(), "-P", "-t", topic, "-K", ":", "-H", "who=kcat", "-H", "n=1", "-z", codec);
    String read = run("", "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%k|%s|%h\n");

    assertThat(read.lines()).containsExactlyElementsOf(expected);
  }

  @Test
  void timestampsFindTheirOffsets() throws Exception {
    long beforeMs = System.currentTimeMillis() - 1;
    run("a\nb\n", "-P", "-t", "kcat-times");
    String stamps = run("", "-C", "-t", "kcat-times", "-o", "beginning", "-e", "-q", "-f", "%T\n");

    assertThat(stamps.lines().map(Long::parseLong))
        .hasSize(2)
        .allMatch(stamp -> stamp > beforeMs && stamp <= System.currentTimeMillis());
    String read =
        run("", "-C", "-t", "kcat-times", "-o", "s@" + beforeMs, "-e", "-q", "-f", "%s\n");
    assertThat(read.lines()).containsExactly("a", "b");
  }

  @Test
  void metadataNamesTheNodeAndTheTopic() throws Exception {
    run("x\n", "-P", "-t", "kcat-listed");

    assertThat(run("", "-L")).contains(node.bootstrapServer(), "topic \"kcat-listed\"");
  }

  private static boolean isInstalled() {
    try {
      return new ProcessBuilder("kcat", "-V").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String run(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("kcat", "-b", node.bootstrapServer()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(home, "kcat", ".out");
    Path err = Files.createTempFile(home, "kcat", ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(process.waitFor(HANG_GUARD_SECONDS, TimeUnit.SECONDS)).as("kcat ends").isTrue();
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return Files.readString(out);
  }
}
