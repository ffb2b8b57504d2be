package io.tidemark.tests.gateway;

import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.node.FreePorts;
import io.tidemark.gateway.node.Node;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/**
 * Brokers 1, 2, … of which the first is the controller, and gateways 11, 12, … before them, over
 * one store. Clients of gateways are told of nothing else. Used by one thread; its owner closes it.
 */
final class GatewayCluster implements AutoCloseable {
  static final int FIRST_GATEWAY = 11;

  private final Path home;
  private final Map<String, String> all = new LinkedHashMap<>();
  private final Map<String, String> ofGateways = new LinkedHashMap<>();
  private final Map<Integer, Node> nodes = new TreeMap<>();
  private final int controllerPort;
  private final int voterPort;

  GatewayCluster(Path home) throws IOException {
    this.home = home;
    List<Integer> ports = FreePorts.of(2);
    controllerPort = ports.get(0);
    voterPort = ports.get(1);
    all.put("tidemark.http.listener", "127.0.0.1:0");
    all.put("broker.heartbeat.interval.ms", "100");
    all.put("group.initial.rebalance.delay.ms", "0");
    all.put("offsets.topic.num.partitions", "8");
    all.put("transaction.state.log.num.partitions", "8");
    all.put("offsets.topic.replication.factor", "1");
    all.put("transaction.state.log.replication.factor", "1");
    all.put("transaction.state.log.min.isr", "1");
    all.put("tidemark.log.dir.min.free.bytes", "0");
    all.put("log.retention.check.interval.ms", "100");
    all.put("log.segment.delete.delay.ms", "0");
    all.put("tiering.store", home.resolve("store").toUri().toString());
    all.put("inter.broker.listener.name", "NODES");
    all.put("controller.listener.names", "CONTROLLER");
    all.put(
        "listener.security.protocol.map", "NODES:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENTS:PLAINTEXT");
    ofGateways.put("listeners", "CLIENTS://127.0.0.1:0");
  }

  /** A setting of every node. */
  GatewayCluster with(String key, String value) {
    all.put(key, value);
    return this;
  }

  /** A setting of gateways alone. */
  GatewayCluster withGateways(String key, String value) {
    ofGateways.put(key, value);
    return this;
  }

  GatewayCluster start(int brokers, int gateways) throws IOException {
    for (int id = 1; id <= brokers; id++) {
      startBroker(id);
    }
    for (int i = 0; i < gateways; i++) {
      startGateway(FIRST_GATEWAY + i);
    }
    return this;
  }

  private void startBroker(int id) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>(all);
    settings.put("node.id", Integer.toString(id));
    settings.put("log.dirs", home.resolve("node-" + id).toString());
    if (id == 1) {
      settings.put("controller.quorum.voters", "1@127.0.0.1:" + voterPort);
      settings.put("listeners", "NODES://127.0.0.1:0,CONTROLLER://127.0.0.1:" + controllerPort);
    } else {
      settings.put("process.roles", "broker");
      settings.put("listeners", "NODES://127.0.0.1:0");
      settings.put("controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort);
    }
    nodes.put(id, Node.start(NodeConfig.of(settings)));
  }

  void startGateway(int id) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>(all);
    settings.put("node.id", Integer.toString(id));
    settings.put("process.roles", "gateway");
    settings.put("controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort);
    settings.putAll(ofGateways);
    nodes.put(id, Node.start(NodeConfig.of(settings)));
  }

  void stop(int id) {
    Node running = nodes.remove(id);
    if (running != null) {
      running.close();
    }
  }

  Node node(int id) {
    Node node = nodes.get(id);
    if (node == null) {
      throw new IllegalStateException("node " + id + " does not run");
    }
    return node;
  }

  /** Where clients of gateways connect. */
  String gateways() {
    return nodes.entrySet().stream()
        .filter(node -> node.getKey() >= FIRST_GATEWAY)
        .map(node -> address(node.getValue()))
        .collect(Collectors.joining(","));
  }

  String bootstrap(int id) {
    return address(node(id));
  }

  /** Where clients of one of a node's listeners connect. */
  String bootstrap(int id, String listener) {
    return node(id).listeners().stream()
        .filter(each -> each.name().equals(listener))
        .map(each -> each.host() + ":" + each.port())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no listener " + listener));
  }

  private static String address(Node node) {
    Endpoint first = node.listeners().getFirst();
    return first.host() + ":" + first.port();
  }

  /** Settings of a client that reaches gateways alone. */
  Map<String, Object> client(Map<String, ?> more) {
    return client(gateways(), more);
  }

  static Map<String, Object> client(String bootstrap, Map<String, ?> more) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrap);
    config.put("default.api.timeout.ms", 120_000);
    config.put("request.timeout.ms", 30_000);
    config.putAll(more);
    return config;
  }

  Admin admin() {
    return Admin.create(client(Map.of()));
  }

  Admin adminOf(int id) {
    return Admin.create(client(bootstrap(id), Map.of()));
  }

  /** A series of a node's metrics, summed over all whose line begins like this. */
  double metric(int id, String series) throws IOException, InterruptedException {
    HostPort address = node(id).http();
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://" + address.host() + ":" + address.port() + "/metrics");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(series))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  @Override
  public void close() {
    new ArrayList<>(nodes.keySet()).reversed().forEach(this::stop);
  }
}
