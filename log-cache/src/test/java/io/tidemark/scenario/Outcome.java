package io.tidemark.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How one test went that claims a scenario. Kept as a line of tab-separated fields: id, class,
 * method, result, reason (of a failure or for skipping; may be empty).
 */
public record Outcome(String id, String testClass, String method, Result result, String reason) {

  /** In the order in which they count when a test runs several times with different arguments. */
  public enum Result {
    SKIPPED,
    PASSED,
    FAILED
  }

  Outcome of(String scenario) {
    return new Outcome(scenario, testClass, method, result, reason);
  }

  String line() {
    return String.join("\t", id, testClass, method, result.name(), inOneLine(reason));
  }

  private static String inOneLine(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }

  /** The outcomes kept in one file. */
  public static List<Outcome> read(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(Outcome::parse).toList();
  }

  private static Outcome parse(String line) {
    String[] fields = line.split("\t", -1);
    return new Outcome(fields[0], fields[1], fields[2], Result.valueOf(fields[3]), fields[4]);
  }
}
