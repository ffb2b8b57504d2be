package io.tidemark.tests.scenario;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;

import io.tidemark.scenario.Outcome;
import io.tidemark.tests.scenario.ClaimedTests.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes {@code tests/target/scenarios.md}: run by the build after the last test. */
public final class ScenarioReport {
  private final Catalogue catalogue;
  private final SortedMap<Integer, List<Claim>> claims;
  private final Map<Claim, Outcome> outcomes;

  ScenarioReport(Catalogue catalogue, List<Claim> claims, List<Outcome> outcomes) {
    this.catalogue = catalogue;
    this.claims =
        claims.stream()
            .collect(
                groupingBy(
                    claim -> Catalogue.number(claim.id()),
                    TreeMap::new,
                    toCollection(ArrayList::new)));
    this.outcomes = new HashMap<>();
    for (Claim claim : claims) {
      outcomes.stream()
          .filter(outcome -> isOf(outcome, claim))
          .findFirst()
          .ifPresent(outcome -> this.outcomes.put(claim, outcome));
    }
  }

  /** The repository's folder is the one argument. */
  public static void main(String[] arguments) throws IOException {
    Path repository = Path.of(arguments[0]).normalize();
    Path file = repository.resolve("tests/target/scenarios.md");
    List<Claim> claims = ClaimedTests.find(repository);
    String page =
        new ScenarioReport(Catalogue.read(repository), claims, outcomes(repository)).page();
    Files.writeString(file, page);
    System.out.println(page.lines().skip(2).findFirst().orElse("") + " -> " + file);
  }

  private static List<Outcome> outcomes(Path repository) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (Path module : ClaimedTests.modules(repository)) {
      Path folder = module.resolve("target/scenarios");
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.sorted().toList()) {
            outcomes.addAll(Outcome.read(file));
          }
        }
      }
    }
    return outcomes;
  }

  String page() {
    StringBuilder page = new StringBuilder("# Scenarios shown by the tests\n\n");
    page.append(summary()).append("\n\n");
    page.append("| id | scenario | test | result |\n| --- | --- | --- | --- |\n");
    claims.forEach((number, tests) -> {
      String title = catalogue.titles().getOrDefault(number, "not in the catalogue");
      tests.stream()
          .map(this::row)
          .sorted()
          .forEach(row -> page.append("| S-%02d | %s | %s |%n".formatted(number, title, row)));
    });
    TreeSet<Integer> unclaimed = new TreeSet<>(catalogue.titles().keySet());
    unclaimed.removeAll(claims.keySet());
    page.append("\n## Not claimed by a test\n\n");
    unclaimed.forEach(
        number -> page.append("- S-%02d %s%n".formatted(number, catalogue.titles().get(number))));
    return page.toString();
  }

  private String summary() {
    long failed = idsWith(Outcome.Result.FAILED);
    long passed = idsWith(Outcome.Result.PASSED);
    return "%d of %d scenarios are claimed: a test of %d passed, of %d failed."
        .formatted(claims.size(), catalogue.titles().size(), passed, failed);
  }

  private long idsWith(Outcome.Result result) {
    return outcomes.values().stream()
        .filter(outcome -> outcome.result() == result)
        .map(Outcome::id)
        .distinct()
        .count();
  }

  private String row(Claim claim) {
    String test = claim.testClass().substring("io.tidemark.".length()) + "." + claim.method();
    return "`%s` | %s".formatted(test, result(claim));
  }

  private String result(Claim claim) {
    @Nullable Outcome outcome = outcomes.get(claim);
    if (outcome == null) {
      return claim.isLong() ? "not run: only with -Plong" : "not run";
    }
    String reason = outcome.reason().replace("|", "\\|");
    return switch (outcome.result()) {
      case PASSED -> "passed";
      case SKIPPED -> "skipped: " + reason;
      case FAILED -> "**failed**: " + reason;
    };
  }

  private static boolean isOf(Outcome outcome, Claim claim) {
    return outcome.id().equals(claim.id())
        && outcome.testClass().equals(claim.testClass())
        && outcome.method().equals(claim.method());
  }
}
