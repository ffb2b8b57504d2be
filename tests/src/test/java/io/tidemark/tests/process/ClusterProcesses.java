package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * A cluster of nodes as processes on this machine, each broker and voter, with ids from 1. Used by
 * one thread; its owner closes it, which kills what still runs.
 */
final class ClusterProcesses implements AutoCloseable {
  private static final int PORTS_OF_A_NODE = 4;

  private final Path home;
  private final Map<Integer, NodeProcess> nodes = new TreeMap<>();
  private final Map<Integer, String> voters = new TreeMap<>();
  private final Map<Integer, String> controllers = new TreeMap<>();

  /** Nodes below {@code home} that know of each other and are not started. */
  ClusterProcesses(Path home, int count) throws IOException {
    this(home, count, id -> NodeProcess.HERE);
  }

  /** The same, each at a place of its own. */
  ClusterProcesses(Path home, int count, IntFunction<NodeProcess.Place> places) throws IOException {
    this.home = home;
    List<Integer> ports = NodeProcess.freePorts(count * PORTS_OF_A_NODE);
    for (int id = 1; id <= count; id++) {
      List<Integer> own = ports.subList((id - 1) * PORTS_OF_A_NODE, id * PORTS_OF_A_NODE);
      NodeProcess.Place place = places.apply(id);
      Path folder = Files.createDirectories(home.resolve("node-" + id));
      voters.put(id, id + "@" + place.host() + ":" + own.get(0));
      controllers.put(id, place.host() + ":" + own.get(3));
      nodes.put(id, node(folder, id, place, own));
    }
    with("controller.quorum.voters", String.join(",", voters.values()));
  }

  private static NodeProcess node(
      Path folder, int id, NodeProcess.Place place, List<Integer> ports) {
    return new NodeProcess(folder, place, ports.get(1), ports.get(2))
        .withHeap("256m")
        .with("node.id", Integer.toString(id))
        .with(
            "listeners",
            "PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d"
                .formatted(place.host(), ports.get(1), ports.get(3)))
        .with("controller.listener.names", "CONTROLLER")
        .with("tidemark.log.dir.min.free.bytes", "0");
  }

  /** A listener beside those for clients and controllers, on any port, which nodes use. */
  ClusterProcesses withListenerOfNodes(String name) {
    nodes
        .values()
        .forEach(node ->
            node.with(
                "listeners", node.setting("listeners") + ",%s://127.0.0.1:0".formatted(name)));
    return with("inter.broker.listener.name", name);
  }

  /** A gateway before these nodes, not started; whoever asks for it closes it. */
  NodeProcess gateway(int id) throws IOException {
    List<Integer> ports = NodeProcess.freePorts(2);
    Path folder = Files.createDirectories(home.resolve("gateway-" + id));
    return new NodeProcess(folder, ports.get(0), ports.get(1))
        .withHeap("256m")
        .with("node.id", Integer.toString(id))
        .with("process.roles", "gateway")
        .with("listeners", "CLIENTS://127.0.0.1:" + ports.get(0))
        .with("listener.security.protocol.map", "CLIENTS:PLAINTEXT")
        .with("inter.broker.listener.name", "PLAINTEXT")
        .with("controller.listener.names", "CONTROLLER")
        .with("controller.quorum.bootstrap.servers", String.join(",", controllers.values()));
  }

  /** A setting for all of them. */
  ClusterProcesses with(String key, String value) {
    nodes.values().forEach(node -> node.with(key, value));
    return this;
  }

  /** Something else for each of them. */
  ClusterProcesses withEach(String key, UnaryOperator<String> valueOfId) {
    nodes.forEach((id, node) -> node.with(key, valueOfId.apply(Integer.toString(id))));
    return this;
  }

  /** A node as a voter, {@code id@host:port}. */
  String voter(int id) {
    return Objects.requireNonNull(voters.get(id));
  }

  /** Where other nodes ask a node's controller. */
  String controller(int id) {
    return Objects.requireNonNull(controllers.get(id));
  }

  /** Starts all nodes at once and waits until each is ready. */
  ClusterProcesses start() {
    List<CompletableFuture<String>> starts = new ArrayList<>();
    for (NodeProcess node : nodes.values()) {
      if (!node.isAlive()) {
        starts.add(CompletableFuture.supplyAsync(() -> started(node)));
      }
    }
    starts.forEach(CompletableFuture::join);
    return this;
  }

  private static String started(NodeProcess node) {
    try {
      return node.start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  NodeProcess node(int id) {
    NodeProcess node = nodes.get(id);
    if (node == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return node;
  }

  List<Integer> ids() {
    return List.copyOf(nodes.keySet());
  }

  String bootstrapServers() {
    return nodes.values().stream()
        .map(NodeProcess::bootstrapServer)
        .collect(Collectors.joining(","));
  }

  /** Where other nodes ask controllers. */
  String controllers() {
    return nodes.values().stream()
        .flatMap(node -> Stream.of(node.setting("listeners").split(",", -1)))
        .filter(listener -> listener.startsWith("CONTROLLER://"))
        .map(listener -> listener.substring("CONTROLLER://".length()))
        .collect(Collectors.joining(","));
  }

  Admin admin() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrapServers());
    settings.put("default.api.timeout.ms", 60_000);
    settings.put("request.timeout.ms", 20_000);
    return Admin.create(settings);
  }

  void createTopic(String name, int partitions, Map<String, String> configs) {
    create(new NewTopic(name, partitions, (short) Math.min(3, nodes.size())).configs(configs));
  }

  /**
   * Makes a topic, whoever leads the quorum by then. That it is there is no failure after an
   * attempt whose answer was lost.
   */
  void create(NewTopic topic) {
    AtomicInteger attempts = new AtomicInteger();
    patiently()
        .until(() -> {
          try (Admin admin = admin()) {
            attempts.incrementAndGet();
            admin.createTopics(List.of(topic)).all().get();
            return true;
          } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException && attempts.get() > 1) {
              return true;
            }
            throw e;
          }
        });
  }

  /** What the cluster says of a partition now, asked until the node that is asked knows it. */
  TopicPartitionInfo describe(String topic, int partition) {
    return partitions(topic).get(partition);
  }

  private List<TopicPartitionInfo> partitions(String topic) {
    return patiently()
        .until(
            () -> {
              try (Admin admin = admin()) {
                return admin
                    .describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions();
              }
            },
            Objects::nonNull);
  }

  /** Who leads the quorum, once somebody does. */
  int quorumLeader() {
    return patiently()
        .until(
            () -> {
              try (Admin admin = admin()) {
                return admin.describeMetadataQuorum().quorumInfo().get().leaderId();
              }
            },
            leader -> leader > 0);
  }

  /** Who leads the partition; -1 while nobody does. */
  int leader(String topic, int partition) {
    var leader = describe(topic, partition).leader();
    return leader == null ? -1 : leader.id();
  }

  /** How many replicas are in sync, of the partition that has the fewest. */
  int smallestIsr(String topic) {
    return partitions(topic).stream().mapToInt(partition -> partition.isr().size()).min().orElse(0);
  }

  /** The ends of all nodes' logs, for a failure's message. */
  String logTails() {
    return nodes.entrySet().stream()
        .map(node -> "--- node " + node.getKey() + "\n" + node.getValue().logTail())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    nodes.values().forEach(NodeProcess::close);
  }
}
