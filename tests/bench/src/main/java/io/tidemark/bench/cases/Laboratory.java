package io.tidemark.bench.cases;

import io.tidemark.bench.machine.Meter;
import io.tidemark.bench.machine.Proc;
import io.tidemark.bench.measure.Sizes;
import io.tidemark.bench.server.KafkaLauncher;
import io.tidemark.bench.server.Launcher;
import io.tidemark.bench.server.Server;
import io.tidemark.bench.server.ServerHome;
import io.tidemark.bench.server.ServerSettings;
import io.tidemark.bench.server.Side;
import io.tidemark.bench.server.TidemarkLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where cases run: a folder for the servers, their launchers, the counters and the sizes.
 *
 * @param work below it each server has its folder, made anew for each run
 * @param tidemark the checkout whose {@code bin/tidemark} is measured
 */
public record Laboratory(Path work, Sizes sizes, Proc proc, KafkaLauncher kafka, Path tidemark) {
  private static final String SERVER_FOLDER = "server";

  /** An empty home for the next server; the one before it is gone. */
  public ServerHome freshHome() throws IOException {
    return ServerHome.fresh(work.resolve(SERVER_FOLDER));
  }

  /** Deletes what the last server left. */
  public void clean() throws IOException {
    ServerHome.deleteAll(work.resolve(SERVER_FOLDER));
  }

  /** What the newest server printed. */
  public Path serverLog() {
    return work.resolve(SERVER_FOLDER).resolve("server.log");
  }

  public Server launch(Side side, ServerHome home, ServerSettings settings)
      throws IOException, InterruptedException {
    return launcher(side).launch(home, settings);
  }

  private Launcher launcher(Side side) {
    return switch (side) {
      case KAFKA -> kafka;
      case TIDEMARK, TIDEMARK_HOT, TIDEMARK_S3 -> new TidemarkLauncher(tidemark, side);
    };
  }

  /** Counts the server, this process, and further ones of the bench. */
  public Meter meter(Server server, Long... helperPids) {
    List<Long> helpers = new ArrayList<>(List.of(helperPids));
    helpers.add(ProcessHandle.current().pid());
    return new Meter(proc, server.pid(), helpers);
  }
}
