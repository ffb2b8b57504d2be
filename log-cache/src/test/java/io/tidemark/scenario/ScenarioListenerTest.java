package io.tidemark.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.tidemark.scenario.Outcome.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What the listener writes of the classes below, which only this test runs. */
class ScenarioListenerTest {
  @TempDir Path folder = Path.of("");

  @Test
  void everyResultOfATestThatClaimsAScenarioIsWrittenDown() throws IOException {
    run(selectClass(Mixed.class));

    assertThat(outcomes(Mixed.class))
        .extracting(Outcome::id, Outcome::method, Outcome::result)
        .containsExactlyInAnyOrder(
            tuple("S-01", "passes", Result.PASSED),
            tuple("S-02", "passes", Result.PASSED),
            tuple("S-03", "fails", Result.FAILED),
            tuple("S-04", "isDisabled", Result.SKIPPED),
            tuple("S-05", "failsForOneArgument", Result.FAILED),
            tuple("S-06", "makesTests", Result.PASSED));
    assertThat(outcomes(Mixed.class))
        .extracting(Outcome::reason)
        .contains("not on this machine")
        .anyMatch(reason -> reason.contains("on purpose"));
  }

  @Test
  void anAssumptionOfTheWholeClassSkipsItsTestsWithTheReason() throws IOException {
    run(selectClass(WithoutItsMachine.class));

    assertThat(outcomes(WithoutItsMachine.class))
        .extracting(Outcome::id, Outcome::method, Outcome::result)
        .containsExactly(tuple("S-07", "neverRuns", Result.SKIPPED));
    assertThat(outcomes(WithoutItsMachine.class).getFirst().reason()).contains("no tmpfs");
  }

  @Test
  void aNestedClassClaimsWhatTheClassAroundItClaims() throws IOException {
    run(selectClass(Around.class));

    assertThat(outcomes(Around.Inside.class))
        .extracting(Outcome::id)
        .containsExactly("S-08", "S-09");
  }

  @Test
  void whatALaterRunLeavesOutIsKept() throws IOException {
    run(selectClass(Mixed.class));
    List<Outcome> before = outcomes(Mixed.class);

    run(selectMethod(Mixed.class, "fails"));

    assertThat(outcomes(Mixed.class)).containsExactlyInAnyOrderElementsOf(before);
  }

  private void run(DiscoverySelector selector) {
    LauncherFactory.create(
            LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build())
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selector).build(),
            new ScenarioListener(folder));
  }

  private List<Outcome> outcomes(Class<?> testClass) throws IOException {
    Path file = folder.resolve(testClass.getName() + ".tsv");
    return Files.exists(file) ? Outcome.read(file) : List.of();
  }

  static final class Mixed {
    @Test
    @Scenario({"S-02", "S-01"})
    void passes() {}

    @Test
    @Scenario("S-03")
    void fails() {
      fail("on purpose");
    }

    @Test
    @Disabled("not on this machine")
    @Scenario("S-04")
    void isDisabled() {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Scenario("S-05")
    void failsForOneArgument(int argument) {
      assertThat(argument).isNotEqualTo(2);
    }

    @TestFactory
    @Scenario("S-06")
    Stream<DynamicTest> makesTests() {
      return Stream.of(DynamicTest.dynamicTest("made", () -> {}));
    }

    @Test
    void claimsNothing() {}
  }

  @Scenario("S-07")
  static final class WithoutItsMachine {
    @BeforeAll
    static void needsMore() {
      abort("no tmpfs");
    }

    @Test
    void neverRuns() {}
  }

  @Scenario("S-08")
  static final class Around {
    @Nested
    class Inside {
      @Test
      @Scenario("S-09")
      void passes() {}
    }
  }
}
