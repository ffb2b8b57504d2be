package io.tidemark.tests.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Outcome;
import io.tidemark.scenario.Outcome.Result;
import io.tidemark.tests.scenario.ClaimedTests.Claim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioReportTest {
  private static final Path REPOSITORY = Path.of(System.getProperty("basedir", ".")).resolve("..");

  @Test
  void everyIdThatATestClaimsIsInTheCatalogue() throws IOException {
    Catalogue catalogue = Catalogue.read(REPOSITORY);

    assertThat(catalogue.titles()).hasSize(200);
    assertThat(ClaimedTests.find(REPOSITORY))
        .isNotEmpty()
        .allMatch(claim -> catalogue.has(claim.id()));
  }

  @Test
  void aRowSaysHowATestWentOrWhyItDidNotRun() throws IOException {
    List<Claim> claims =
        List.of(
            new Claim("S-100", "io.tidemark.a.ATest", "works", false),
            new Claim("S-79", "io.tidemark.a.ATest", "works", false),
            new Claim("S-79", "io.tidemark.b.BTest", "needsTmpfs", false),
            new Claim("S-79", "io.tidemark.b.BTest", "takesLong", true));
    List<Outcome> outcomes =
        List.of(
            new Outcome("S-100", "io.tidemark.a.ATest", "works", Result.FAILED, "a|b"),
            new Outcome("S-79", "io.tidemark.a.ATest", "works", Result.PASSED, ""),
            new Outcome("S-79", "io.tidemark.b.BTest", "needsTmpfs", Result.SKIPPED, "no root"));

    String page = new ScenarioReport(Catalogue.read(REPOSITORY), claims, outcomes).page();

    assertThat(page.lines().filter(line -> line.startsWith("| S-")))
        .map(row -> row.replaceFirst("\\| (S-\\d+) \\| .* \\| `", "$1 `"))
        .containsExactly(
            "S-79 `a.ATest.works` | passed |",
            "S-79 `b.BTest.needsTmpfs` | skipped: no root |",
            "S-79 `b.BTest.takesLong` | not run: only with -Plong |",
            "S-100 `a.ATest.works` | **failed**: a\\|b |");
    assertThat(page).contains("2 of 200 scenarios are claimed", "- S-01 ");
    assertThat(page).doesNotContain("- S-79 ");
  }
}
