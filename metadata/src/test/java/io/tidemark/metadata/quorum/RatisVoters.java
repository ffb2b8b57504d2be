package io.tidemark.metadata.quorum;

import static io.tidemark.metadata.quorum.QuorumContract.await;
import static io.tidemark.metadata.quorum.QuorumContract.config;
import static io.tidemark.metadata.quorum.QuorumContract.value;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Time;
import org.awaitility.Awaitility;

/**
 * Voters in one process, over gRPC on loopback, each with a folder that can be lost. Used by one
 * thread, which closes it.
 */
final class RatisVoters implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path home;
  private final List<Voter> addresses = new ArrayList<>();
  private final Map<Integer, RatisQuorum> running = new TreeMap<>();
  private final Map<Integer, ScheduledExecutorService> threads = new HashMap<>();
  private final Map<Integer, ScheduledExecutorService> watches = new HashMap<>();
  private long electionTimeoutMs = 400;
  private boolean watchesLeader;
  private QuorumSettings.Company company = new QuorumSettings.Company(true, true);

  RatisVoters(Path home, int count) throws IOException {
    this.home = home;
    List<ServerSocket> held = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(free);
      addresses.add(new Voter(id, "127.0.0.1", free.getLocalPort()));
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
  }

  /** Voters started from now on wait until they are added. */
  RatisVoters withoutAutoJoin() {
    company = new QuorumSettings.Company(true, false);
    return this;
  }

  /** Voters started from now on look whether the leader's process is there. */
  RatisVoters watchingTheLeader() {
    watchesLeader = true;
    return this;
  }

  RatisVoters withElectionTimeoutMs(long timeoutMs) {
    electionTimeoutMs = timeoutMs;
    return this;
  }

  Voter address(int id) {
    return addresses.get(id - 1);
  }

  void startAll() throws IOException {
    for (Voter voter : addresses) {
      start(voter.nodeId());
    }
  }

  /** Configured with all of them. */
  RatisQuorum start(int id) throws IOException {
    return start(id, addresses);
  }

  /** Configured as the only one. */
  RatisQuorum startAlone(int id) throws IOException {
    return start(id, List.of(address(id)));
  }

  private RatisQuorum start(int id, List<Voter> voters) throws IOException {
    RatisQuorum quorum =
        RatisQuorum.open(
            new QuorumSettings(id, voters, folder(id), electionTimeoutMs, 1_000)
                .withCompany(company),
            Time.SYSTEM,
            threads.computeIfAbsent(id, _ -> Executors.newSingleThreadScheduledExecutor()));
    if (watchesLeader) {
      quorum.watchLeader(
          watches.computeIfAbsent(id, _ -> Executors.newSingleThreadScheduledExecutor()));
    }
    running.put(id, quorum);
    return quorum;
  }

  void stop(int id) {
    RatisQuorum quorum = running.remove(id);
    if (quorum != null) {
      quorum.close();
    }
  }

  /** Deletes everything a voter that does not run has promised. */
  void loseFolder(int id) throws IOException {
    try (Stream<Path> files = Files.walk(folder(id))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Path folder(int id) {
    return home.resolve("voter-" + id);
  }

  List<RatisQuorum> running() {
    return List.copyOf(running.values());
  }

  boolean hasLeader() {
    return running.values().stream().anyMatch(voter -> voter.leadership().isSelf());
  }

  RatisQuorum leader() {
    Awaitility.await().atMost(PATIENCE).until(this::hasLeader);
    return running.values().stream()
        .filter(voter -> voter.leadership().isSelf())
        .findFirst()
        .orElseGet(this::leader);
  }

  int anyFollower() {
    int leader = leader().nodeId();
    return running.keySet().stream().filter(id -> id != leader).findFirst().orElseThrow();
  }

  /** Commits a value, whoever leads. */
  void commit(String key, String value) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(
            failure -> failure.getCause() instanceof QuorumException.NotLeader)
        .until(() -> {
          RatisQuorum leader = leader();
          await(leader.append(leader.leadership().term(), List.of(config(key, value))));
          return true;
        });
  }

  /** Waits until a voter has a value. */
  static void has(RatisQuorum voter, String key, String value) {
    Awaitility.await().atMost(PATIENCE).until(() -> value.equals(value(voter.image(), key)));
  }

  /** Waits until the leader counts these voters, whoever it is. */
  void vote(Integer... ids) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() ->
            leader().status().voters().stream()
                .map(QuorumStatus.Voter::nodeId)
                .toList()
                .equals(List.of(ids)));
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::stop);
    threads.values().forEach(ScheduledExecutorService::shutdownNow);
    watches.values().forEach(ScheduledExecutorService::shutdownNow);
  }
}
