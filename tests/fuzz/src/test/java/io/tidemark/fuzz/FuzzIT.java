package io.tidemark.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.net.FrameTarget;
import io.tidemark.log.index.IndexTarget;
import io.tidemark.log.validate.BatchTarget;
import io.tidemark.tiering.manifest.ManifestTarget;
import io.tidemark.tiering.segment.SegmentObjectTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every target under Jazzer, in a process of its own: so many inputs in the short form, in the long
 * form for {@code -Dtidemark.long.seconds} each. {@code -Dtidemark.seed} repeats a run; a finding's
 * input is in the message.
 */
class FuzzIT {
  private static final int SHORT_RUNS = 5_000;

  record Target(Class<?> type, Callable<List<byte[]>> seeds) {
    @Override
    public String toString() {
      return type.getSimpleName();
    }
  }

  static List<Target> targets() {
    return List.of(
        new Target(FrameTarget.class, FrameTarget::seeds),
        new Target(BatchTarget.class, BatchTarget::seeds),
        new Target(IndexTarget.class, IndexTarget::seeds),
        new Target(ManifestTarget.class, ManifestTarget::seeds),
        new Target(SegmentObjectTarget.class, SegmentObjectTarget::seeds));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void nothingButARefusalComesOfAnyBytes(Target target, @TempDir Path folder) throws Exception {
    fuzz(target, folder, "-runs=" + SHORT_RUNS);
  }

  @ParameterizedTest
  @MethodSource("targets")
  @Tag("long")
  @Tag("byhand")
  void nothingButARefusalComesOfAnyBytesForLong(Target target, @TempDir Path folder)
      throws Exception {
    fuzz(target, folder, "-max_total_time=" + Long.getLong("tidemark.long.seconds", 10));
  }

  private static void fuzz(Target target, Path folder, String howLong) throws Exception {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    Path output = folder.resolve("jazzer.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type().getName(),
                "--instrumentation_includes=io.tidemark.**",
                // Injections and the like are nothing these parsers could do.
                "--hooks=false",
                "--reproducer_path=" + folder,
                howLong,
                "-seed=" + seed,
                "-max_len=16384",
                "-artifact_prefix=" + folder + "/",
                corpus(target, folder).toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("it ended").isTrue();
      assertThat(process.exitValue()).as(() -> "seed " + seed + "\n" + end(output)).isZero();
      assertThat(Files.readString(output)).as("it ran").contains("DONE");
    } finally {
      process.destroyForcibly();
    }
  }

  private static Path corpus(Target target, Path folder) throws Exception {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    List<byte[]> seeds = target.seeds().call();
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("seed-" + i), seeds.get(i));
    }
    return corpus;
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
