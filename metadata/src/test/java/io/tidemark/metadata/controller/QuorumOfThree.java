package io.tidemark.metadata.controller;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.metadata.quorum.QuorumSettings;
import io.tidemark.metadata.quorum.RatisQuorum;
import io.tidemark.metadata.quorum.Voter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;
import org.awaitility.Awaitility;

/**
 * Voters with their controllers in one process, over gRPC on loopback. Stopping one is its death:
 * it says goodbye to nobody, because the transport closes before the server does.
 */
final class QuorumOfThree implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ELECTION_TIMEOUT_MS = 400;

  /** A registered node need not be heard of while a test runs. */
  private static final ControllerSettings PATIENT =
      new ControllerSettings(
          1,
          (short) -1,
          1,
          false,
          600_000,
          LeaderBalanceSettings.DEFAULTS,
          100_000,
          10_000,
          10_000);

  /** One voter while it runs. */
  record Running(RatisQuorum quorum, QuorumController controller) {}

  private final Path home;
  private int snapshotEntries = 1_000;
  private final List<Voter> addresses = new ArrayList<>();
  private final Map<Integer, Running> running = new ConcurrentHashMap<>();
  private final ExecutorService executor = Executors.newFixedThreadPool(4);
  private final Map<Integer, ScheduledExecutorService> voterThreads = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

  QuorumOfThree(Path home, int voters) throws IOException {
    this.home = home;
    List<ServerSocket> held = new ArrayList<>();
    for (int id = 1; id <= voters; id++) {
      ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(free);
      addresses.add(new Voter(id, "127.0.0.1", free.getLocalPort()));
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
  }

  /** Takes snapshots after so many entries, from the next start of a voter on. */
  QuorumOfThree withSnapshotsEvery(int entries) {
    snapshotEntries = entries;
    return this;
  }

  QuorumOfThree startAll() throws IOException {
    for (Voter voter : addresses) {
      start(voter.nodeId());
    }
    return this;
  }

  Running start(int id) throws IOException {
    RatisQuorum quorum =
        RatisQuorum.open(
            new QuorumSettings(id, addresses, folder(id), ELECTION_TIMEOUT_MS, snapshotEntries),
            Time.SYSTEM,
            voterThreads.computeIfAbsent(id, _ -> Executors.newSingleThreadScheduledExecutor()));
    QuorumController controller =
        new QuorumController(
            quorum,
            PATIENT,
            new TopicConfigPolicy(),
            new ControllerRuntime(
                executor,
                timers,
                Time.SYSTEM,
                RandomGenerator.getDefault(),
                new SimpleMeterRegistry()));
    controller.start();
    Running voter = new Running(quorum, controller);
    running.put(id, voter);
    return voter;
  }

  void stop(int id) {
    Running voter = running.remove(id);
    if (voter != null) {
      voter.controller().close();
      voter.quorum().close();
    }
  }

  Path folder(int id) {
    return home.resolve("voter-" + id);
  }

  Running voter(int id) {
    Running voter = running.get(id);
    if (voter == null) {
      throw new IllegalStateException("voter " + id + " does not run");
    }
    return voter;
  }

  List<Running> all() {
    return List.copyOf(running.values());
  }

  /** The voter whose controller decides, as soon as there is one. */
  Running leader() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> all().stream().anyMatch(voter -> voter.controller().isActive()));
    return all().stream()
        .filter(voter -> voter.controller().isActive())
        .findFirst()
        .orElseGet(this::leader);
  }

  int leaderId() {
    return leader().quorum().nodeId();
  }

  int anyFollower() {
    int leads = leaderId();
    return running.keySet().stream().filter(id -> id != leads).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::stop);
    executor.shutdownNow();
    timers.shutdownNow();
    voterThreads.values().forEach(ScheduledExecutorService::shutdownNow);
  }
}
