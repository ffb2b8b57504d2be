package io.tidemark.scenario;

import static java.util.stream.Collectors.toSet;

import io.tidemark.scenario.Outcome.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down how the tests went that claim a scenario, a file for each test class. Found by
 * JUnit's launcher through {@code META-INF/services}, in every module that has the hot tier's
 * test-jar on its path. Called by one thread at a time.
 */
public final class ScenarioListener implements TestExecutionListener {
  private final Path folder;
  private final Map<MethodSource, Outcome> results = new LinkedHashMap<>();
  private @Nullable TestPlan plan;

  public ScenarioListener() {
    this(Path.of(System.getProperty("basedir", "."), "target", "scenarios"));
  }

  ScenarioListener(Path folder) {
    this.folder = folder;
  }

  @Override
  public synchronized void testPlanExecutionStarted(TestPlan started) {
    plan = started;
    results.clear();
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    withDescendants(test).forEach(each -> note(each, Result.SKIPPED, reason));
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String reason = result.getThrowable().map(Throwable::toString).orElse("");
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          note(test, Result.PASSED, "");
        }
      }
      // What was set up for a whole class decides for its tests too.
      case ABORTED -> withDescendants(test).forEach(each -> note(each, Result.SKIPPED, reason));
      case FAILED -> withDescendants(test).forEach(each -> note(each, Result.FAILED, reason));
    }
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan finished) {
    Map<Class<?>, List<Outcome>> classes = new LinkedHashMap<>();
    results.forEach((source, outcome) ->
        classes.computeIfAbsent(source.getJavaClass(), key -> new ArrayList<>()).add(outcome));
    classes.forEach(this::write);
  }

  private void note(TestIdentifier test, Result result, String reason) {
    method(test)
        .ifPresent(source ->
            results.merge(
                source,
                new Outcome("", source.getClassName(), source.getMethodName(), result, reason),
                (before, now) -> now.result().compareTo(before.result()) > 0 ? now : before));
  }

  /** The test method behind a test, behind one of its invocations, or behind what it made. */
  private Optional<MethodSource> method(TestIdentifier test) {
    Optional<TestIdentifier> each = Optional.of(test);
    while (each.isPresent()) {
      if (each.get().getSource().orElse(null) instanceof MethodSource source) {
        return Optional.of(source);
      }
      each = running().getParent(each.get());
    }
    return Optional.empty();
  }

  private Stream<TestIdentifier> withDescendants(TestIdentifier test) {
    return Stream.concat(Stream.of(test), running().getDescendants(test).stream());
  }

  private TestPlan running() {
    TestPlan running = plan;
    if (running == null) {
      throw new IllegalStateException("no tests are running");
    }
    return running;
  }

  /** Keeps what an earlier run noted of tests that this one left out. */
  private void write(Class<?> testClass, List<Outcome> ran) {
    Path file = folder.resolve(testClass.getName() + ".tsv");
    try {
      List<String> lines = new ArrayList<>();
      Set<String> methods = ran.stream().map(Outcome::method).collect(toSet());
      if (Files.exists(file)) {
        Outcome.read(file).stream()
            .filter(before -> !methods.contains(before.method()))
            .forEach(before -> lines.add(before.line()));
      }
      for (Outcome outcome : ran) {
        for (String id : Claims.of(testClass, outcome.method())) {
          lines.add(outcome.of(id).line());
        }
      }
      if (Files.exists(file) || !lines.isEmpty()) {
        Files.createDirectories(folder);
        Files.write(file, lines);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
