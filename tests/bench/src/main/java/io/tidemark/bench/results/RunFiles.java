package io.tidemark.bench.results;

import io.tidemark.bench.measure.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The runs of all cases, {@code <folder>/<case>.jsonl}. */
public record RunFiles(Path folder) {
  /** Runs of the case so far, in the order they were made; none where there is no file. */
  public List<Run> read(String caseName) throws IOException {
    Path file = file(caseName);
    List<Run> runs = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        runs.add(RunLine.read(line));
      }
    }
    return runs;
  }

  public void append(Run run) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        file(run.caseName()),
        RunLine.write(run) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Forgets the runs of the case. */
  public void delete(String caseName) throws IOException {
    Files.deleteIfExists(file(caseName));
  }

  private Path file(String caseName) {
    return folder.resolve(caseName + ".jsonl");
  }
}
