package io.tidemark.bench;

import io.tidemark.bench.cases.BenchCase;
import io.tidemark.bench.cases.Campaign;
import io.tidemark.bench.cases.Catalogue;
import io.tidemark.bench.cases.Laboratory;
import io.tidemark.bench.machine.Proc;
import io.tidemark.bench.measure.Disturbance;
import io.tidemark.bench.measure.Sizes;
import io.tidemark.bench.report.Report;
import io.tidemark.bench.results.RunFiles;
import io.tidemark.bench.server.KafkaLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line of the bench; {@code tests/bench/run} builds what it needs and starts it. */
@Command(
    name = "tests/bench/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures Tidemark beside Apache Kafka: throughput, server CPU, memory, latency, start.",
      "",
      "For each case it runs Kafka, Tidemark, Kafka, Tidemark … on fresh servers, each warmed up"
          + " until its CPU for the same work changes by less than 5 %% over three passes."
    },
    footer = {
      "",
      "One case, quickly (half a minute):",
      "  tests/bench/run --quick --cases produce-java",
      "One case as in the table, five pairs:",
      "  tests/bench/run --cases produce-java --pairs 5",
      "Go on with what was broken off:",
      "  tests/bench/run --resume",
      "Everything, and the page docs/performance.md with its plots (about three hours):",
      "  tests/bench/run --docs docs"
    })
public final class Bench implements Callable<Integer> {
  /** Disturbed pairs of a case that are made up for. */
  private static final int MOST_REPLACED = 2;

  @Option(
      names = "--cases",
      split = ",",
      paramLabel = "NAME",
      description = "Only these cases, separated by commas; --list shows them.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "Pairs of runs; by default 3, and 5 where a target lies within 0.15 of 1.")
  private int pairs;

  @Option(
      names = "--quick",
      description = "A few seconds a run, one pair: shows that a case works.")
  private boolean isQuick;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "The longest a server is warmed up; by default 60, with --quick 5.")
  private int warmUpSeconds;

  @Option(names = "--resume", description = "Keeps the runs that are there and makes the others.")
  private boolean isResuming;

  @Option(names = "--list", description = "Lists the cases and ends.")
  private boolean isListing;

  @Option(
      names = "--docs",
      paramLabel = "DIR",
      description =
          "Where performance.md and its plots are written from all runs that are there"
              + " (beside the runs; for the repository's own page: docs).")
  private Path docs = Path.of("");

  @Option(names = "--report-only", description = "Writes the page from the runs that are there.")
  private boolean isReportOnly;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Where runs are written (tests/bench/target/results, or …/quick).")
  private Path results = Path.of("");

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "Where servers keep their data, on a disk with 30 GB free (tests/bench/target/work).")
  private Path work = Path.of("");

  @Option(
      names = "--disturbed-above",
      paramLabel = "PERCENT",
      description =
          "A run counts as disturbed when others use more of the machine (${DEFAULT-VALUE}).")
  private double disturbedAbovePercent = 10;

  @Option(
      names = "--measured",
      paramLabel = "DIR",
      description = "The checkout whose bin/tidemark is measured (the one of this command).")
  private Path measured = Path.of("");

  /** The checkout that this command belongs to. */
  private final Path home = Path.of(System.getProperty("bench.home", ""));

  private Bench() {}

  public static void main(String[] arguments) {
    Runtime.getRuntime().addShutdownHook(new Thread(Bench::killChildren, "kill-servers"));
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<BenchCase> cases = chosen();
    if (isListing) {
      cases.forEach(c -> System.out.printf("%-22s %s%n", c.name(), c.title()));
      return 0;
    }
    Path target = home.resolve("tests/bench/target");
    RunFiles files = new RunFiles(or(results, target.resolve(isQuick ? "quick" : "results")));
    boolean isComplete = isReportOnly || measure(cases, files, or(work, target.resolve("work")));
    Path page = Report.write(Catalogue.all(), files, disturbance(), or(docs, files.folder()));
    System.out.println("wrote " + page);
    return isComplete ? 0 : 1;
  }

  private boolean measure(List<BenchCase> cases, RunFiles files, Path folder)
      throws IOException, InterruptedException {
    buildTidemark();
    Laboratory laboratory = laboratory(folder);
    Campaign campaign = new Campaign(laboratory, files, disturbance(), pairs(), System.out);
    if (!isResuming) {
      for (BenchCase benchCase : cases) {
        files.delete(benchCase.name());
      }
    }
    boolean isComplete = true;
    for (BenchCase benchCase : cases) {
      isComplete &= campaign.run(benchCase);
    }
    laboratory.clean();
    return isComplete;
  }

  /** Servers do not outlive the bench that started them, however it ends. */
  private static void killChildren() {
    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
  }

  private List<BenchCase> chosen() {
    List<BenchCase> all = Catalogue.all();
    for (String name : names) {
      if (all.stream().noneMatch(c -> c.name().equals(name))) {
        throw new ParameterException(
            new CommandLine(this), "There is no case " + name + "; --list shows them all.");
      }
    }
    return all.stream().filter(c -> names.isEmpty() || names.contains(c.name())).toList();
  }

  private Campaign.Pairs pairs() {
    if (isQuick) {
      return new Campaign.Pairs(Math.max(1, pairs), 0);
    }
    return new Campaign.Pairs(pairs, MOST_REPLACED);
  }

  private Sizes sizes() {
    Sizes sizes = isQuick ? Sizes.QUICK : Sizes.FULL;
    return warmUpSeconds > 0 ? sizes.withWarmUpLimit(Duration.ofSeconds(warmUpSeconds)) : sizes;
  }

  private Disturbance disturbance() {
    return new Disturbance(disturbedAbovePercent / 100);
  }

  private Laboratory laboratory(Path folder) throws IOException {
    return new Laboratory(
        folder.toAbsolutePath(),
        sizes(),
        Proc.ofThisMachine(),
        new KafkaLauncher(kafkaLibraries()),
        or(measured, home).toAbsolutePath());
  }

  /** {@code bin/tidemark} builds what is stale; the servers are then started without looking. */
  private void buildTidemark() throws IOException, InterruptedException {
    Path launcher = or(measured, home).resolve("bin/tidemark");
    int exit = new ProcessBuilder(launcher.toString(), "version").inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException(launcher + " version ended with " + exit);
    }
  }

  private List<Path> kafkaLibraries() throws IOException {
    Path target = home.resolve("tests/bench/kafka/target");
    List<Path> jars = new ArrayList<>();
    for (Path folder : List.of(target, target.resolve("lib"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
      }
    }
    return jars;
  }

  private static Path or(Path given, Path otherwise) {
    return given.toString().isEmpty() ? otherwise : given;
  }
}
