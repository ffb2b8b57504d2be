package io.tidemark.bench.cases;

import io.tidemark.bench.machine.Meter;
import io.tidemark.bench.machine.Proc;
import io.tidemark.bench.measure.Sizes;
import io.tidemark.bench.server.Cluster;
import io.tidemark.bench.server.KafkaLauncher;
import io.tidemark.bench.server.Launcher;
import io.tidemark.bench.server.Server;
import io.tidemark.bench.server.ServerHome;
import io.tidemark.bench.server.ServerSettings;
import io.tidemark.bench.server.Servers;
import io.tidemark.bench.server.Side;
import io.tidemark.bench.server.TidemarkLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where cases run: a folder for the servers, their launchers, the counters and the sizes.
 *
 * @param work below it each server has its folder, made anew for each run
 * @param tidemark the checkout whose {@code bin/tidemark} is measured
 */
public record Laboratory(Path work, Sizes sizes, Proc proc, KafkaLauncher kafka, Path tidemark) {
  /** Of a cluster. */
  private static final int NODES = 3;

  /** An empty home for the next server; the one before it is gone. */
  public ServerHome freshHome() throws IOException {
    return ServerHome.fresh(serverFolder());
  }

  /** Empty homes for the next cluster; the servers before it are gone. */
  private List<ServerHome> freshHomes(int size) throws IOException {
    return ServerHome.freshCluster(serverFolder(), size);
  }

  /** Deletes what the last server left. */
  public void clean() throws IOException {
    ServerHome.deleteAll(serverFolder());
  }

  /** Holds what the newest server, or the newest cluster, keeps and prints. */
  public Path serverFolder() {
    return work.resolve("server");
  }

  /** What the newest server, or each server of the newest cluster, printed. */
  public List<Path> serverLogs() throws IOException {
    try (Stream<Path> below = Files.walk(serverFolder(), 2)) {
      return below.filter(file -> file.endsWith(ServerHome.LOG_NAME)).sorted().toList();
    }
  }

  public Server launch(Side side, ServerHome home, ServerSettings settings)
      throws IOException, InterruptedException {
    return launcher(side).launch(home, settings);
  }

  /** A cluster of three over empty folders. */
  public Cluster launchCluster(Side side) throws IOException, InterruptedException {
    return Cluster.launch(launcher(side), freshHomes(NODES), ServerSettings.REPLICATED);
  }

  private Launcher launcher(Side side) {
    return switch (side) {
      case KAFKA -> kafka;
      case TIDEMARK, TIDEMARK_HOT, TIDEMARK_S3 -> new TidemarkLauncher(tidemark, side);
    };
  }

  /** Counts the servers, this process, and further ones of the bench. */
  public Meter meter(Servers servers, Long... helperPids) {
    List<Long> helpers = new ArrayList<>(List.of(helperPids));
    helpers.add(ProcessHandle.current().pid());
    return new Meter(proc, servers::pids, helpers);
  }
}
