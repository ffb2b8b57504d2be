package io.tidemark.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The nodes of a cluster on this machine: three that vote, and a fourth that only serves. Their
 * ports follow each other, and one that is taken is stepped over.
 */
final class NodeChildren implements AutoCloseable {
  static final int VOTERS = 3;
  private static final int LAST = VOTERS + 1;

  /** Where one node listens. */
  private record Ports(int kafka, int controller, int quorum, int http) {}

  private final Map<Integer, Ports> ports = new LinkedHashMap<>();
  private final Map<Integer, NodeChild> nodes = new LinkedHashMap<>();

  /**
   * Chooses ports; starts nobody.
   *
   * @param firstPort 0 for any
   */
  NodeChildren(Path home, int firstPort, Consumer<String> said) throws IOException {
    Set<Integer> chosen = new HashSet<>();
    int next = firstPort;
    for (int id = 1; id <= LAST; id++) {
      int kafka = QuickstartPorts.choose(next, chosen, said);
      int controller = after(kafka, firstPort, chosen, said);
      int quorum = after(controller, firstPort, chosen, said);
      int http = after(quorum, firstPort, chosen, said);
      ports.put(id, new Ports(kafka, controller, quorum, http));
      next = firstPort == 0 ? 0 : http + 1;
    }
    for (int id = 1; id <= LAST; id++) {
      Path folder = home.resolve("node-" + id);
      nodes.put(id, new NodeChild(id, folder, settings(id, home, folder)));
    }
  }

  private static int after(int port, int firstPort, Set<Integer> chosen, Consumer<String> said)
      throws IOException {
    return QuickstartPorts.choose(firstPort == 0 ? 0 : port + 1, chosen, said);
  }

  private Map<String, String> settings(int id, Path home, Path folder) {
    Ports own = of(id);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("node.id", Integer.toString(id));
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("controller.quorum.bootstrap.servers", bootstrapControllers());
    if (id <= VOTERS) {
      settings.put("controller.quorum.voters", voters());
      settings.put(
          "listeners",
          "PLAINTEXT://localhost:%d,CONTROLLER://localhost:%d"
              .formatted(own.kafka(), own.controller()));
    } else {
      settings.put("process.roles", "broker");
      settings.put("listeners", "PLAINTEXT://localhost:" + own.kafka());
    }
    settings.put("tidemark.http.listener", "localhost:" + own.http());
    settings.put("log.dirs", folder.resolve("data").toString());
    settings.put("tiering.store", home.resolve("store").toUri().toString());
    settings.put("default.replication.factor", "3");
    settings.put("offsets.topic.replication.factor", "3");
    settings.put("transaction.state.log.replication.factor", "3");
    settings.put("min.insync.replicas", "2");
    settings.put("log.retention.check.interval.ms", "500");
    settings.put("tidemark.log.dir.min.free.bytes", "0");
    return settings;
  }

  private String voters() {
    return IntStream.rangeClosed(1, VOTERS)
        .mapToObj(id -> id + "@localhost:" + of(id).quorum())
        .collect(Collectors.joining(","));
  }

  private String bootstrapControllers() {
    return IntStream.rangeClosed(1, VOTERS)
        .mapToObj(id -> "localhost:" + of(id).controller())
        .collect(Collectors.joining(","));
  }

  private Ports of(int id) {
    Ports found = ports.get(id);
    if (found == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return found;
  }

  /** Starts the three that vote and waits until all of them serve. */
  void startVoters() throws IOException, InterruptedException {
    List<CompletableFuture<Void>> starts = new ArrayList<>();
    for (int id = 1; id <= VOTERS; id++) {
      starts.add(node(id).start());
    }
    for (int id = 1; id <= VOTERS; id++) {
      node(id).await(starts.get(id - 1));
    }
  }

  NodeChild node(int id) {
    NodeChild found = nodes.get(id);
    if (found == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return found;
  }

  /** The one that joins later. */
  NodeChild added() {
    return node(LAST);
  }

  String address(int id) {
    return "localhost:" + of(id).kafka();
  }

  /** Where clients find the cluster, whichever node is away. */
  String bootstrapServers() {
    return IntStream.rangeClosed(1, VOTERS)
        .mapToObj(this::address)
        .collect(Collectors.joining(","));
  }

  /** Ends them all at once. */
  @Override
  public void close() {
    List<Thread> ends =
        nodes.values().stream()
            .map(node -> Thread.ofVirtual().name("end-" + node.id()).start(node::close))
            .toList();
    for (Thread end : ends) {
      try {
        end.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
