package io.tidemark.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.bench.cases.Catalogue;
import io.tidemark.bench.measure.Disturbance;
import io.tidemark.bench.measure.Runs;
import io.tidemark.bench.results.RunFiles;
import io.tidemark.bench.server.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path folder = Path.of("");

  @Test
  void thePageShowsRatioSpreadTargetAndWhetherItIsReached() throws IOException {
    RunFiles files = new RunFiles(folder.resolve("runs"));
    pair(files, 1, 100, 120, 0);
    pair(files, 2, 100, 140, 0);
    pair(files, 3, 100, 130, 0);

    assertThat(page(files))
        .contains(
            "| produce 1 KiB, acks=all, cheap client | MB/s | 100 | 130 | 1.30 | 1.20 – 1.40 | 3 |"
                + " ≥ 1.30 × | yes |");
  }

  @Test
  void aMissedTargetAndADisturbedPairAreMarked() throws IOException {
    RunFiles files = new RunFiles(folder.resolve("runs"));
    pair(files, 1, 100, 90, 0.5);

    assertThat(page(files)).contains("| 0.90 \\* | 0.90 – 0.90 | 1 | ≥ 1.30 × | **no** |");
  }

  @Test
  void aRowIsMarkedWhoseWarmUpEndedAtItsLimit() throws IOException {
    RunFiles files = new RunFiles(folder.resolve("runs"));
    files.append(Runs.run(Side.KAFKA, 1, 100, 0, false));
    files.append(Runs.run(Side.TIDEMARK, 1, 130, 0, true));

    assertThat(page(files)).contains("| 1.30 † | 1.30 – 1.30 | 1 | ≥ 1.30 × | yes |");
  }

  @Test
  void pagesOfEarlierCampaignsAreNamedTheNewestFirst() throws IOException {
    RunFiles files = new RunFiles(folder.resolve("runs"));
    pair(files, 1, 100, 120, 0);
    Path plots = Files.createDirectories(folder.resolve("docs/performance"));
    Files.writeString(plots.resolve("2026-11-01.md"), "");
    Files.writeString(plots.resolve("2026-11-30.md"), "");

    assertThat(page(files))
        .contains(
            "lacks: [2026-11-30.md](performance/2026-11-30.md),"
                + " [2026-11-01.md](performance/2026-11-01.md).");
  }

  @Test
  void plotsAreWrittenBesideThePage() throws IOException {
    RunFiles files = new RunFiles(folder.resolve("runs"));
    pair(files, 1, 100, 120, 0);

    assertThat(page(files)).contains("](performance/mb-per-second.svg)");
    assertThat(folder.resolve("docs/performance/mb-per-second.svg"))
        .content()
        .contains("<svg", ">produce<");
  }

  private String page(RunFiles files) throws IOException {
    Path docs = folder.resolve("docs");
    return Files.readString(Report.write(Catalogue.all(), files, new Disturbance(0.1), docs));
  }

  private static void pair(
      RunFiles files, int pair, double kafka, double tidemark, double othersShare)
      throws IOException {
    files.append(Runs.run(Side.KAFKA, pair, kafka, 0));
    files.append(Runs.run(Side.TIDEMARK, pair, tidemark, othersShare));
  }
}
