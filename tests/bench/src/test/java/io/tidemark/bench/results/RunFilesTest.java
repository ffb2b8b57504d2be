package io.tidemark.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.bench.measure.Run;
import io.tidemark.bench.measure.Runs;
import io.tidemark.bench.server.Side;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
  @TempDir Path folder = Path.of("");

  @Test
  void runsAreReadAsTheyWereWritten() throws IOException {
    RunFiles files = new RunFiles(folder);
    Run kafka = Runs.run(Side.KAFKA, 1, 123.456, 0.01);
    Run tidemark = Runs.run(Side.TIDEMARK, 1, 234.5, 0.25);
    files.append(kafka);
    files.append(tidemark);

    assertThat(files.read("produce")).containsExactly(kafka, tidemark);
  }

  @Test
  void aCaseThatWasNeverRunHasNoRuns() throws IOException {
    assertThat(new RunFiles(folder).read("produce")).isEmpty();
  }

  @Test
  void aDeletedCaseStartsAnew() throws IOException {
    RunFiles files = new RunFiles(folder);
    files.append(Runs.run(Side.KAFKA, 1, 1, 0));

    files.delete("produce");

    assertThat(files.read("produce")).isEmpty();
  }
}
