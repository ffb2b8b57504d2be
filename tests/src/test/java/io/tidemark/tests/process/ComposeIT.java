package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.ComposeFile;
import io.tidemark.gateway.GeneratedPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The three nodes and the store of {@code deploy/compose.yaml}, with the settings that stand there,
 * as processes of this machine: hosts and ports are the loopback's and folders are temporary ones,
 * the rest is the file's.
 */
class ComposeIT {
  private static final Path FILE = GeneratedPage.path("../deploy/compose.yaml").normalize();
  private static final List<Integer> IDS = List.of(1, 2, 3);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int MOST_PORTS = 18;
  private static final int RECORD_BYTES = 64 * 1024;
  private static final int RECORDS = 40;

  /** An address as it is written in the file: everywhere, this machine, a node, or the store. */
  private static final Pattern ADDRESS =
      Pattern.compile("(0\\.0\\.0\\.0|localhost|node-\\d|store):(\\d+)");

  private final Map<String, Integer> ports = new HashMap<>();
  private final List<NodeProcess> nodes = new ArrayList<>();

  @TempDir Path home = Path.of("");

  @AfterEach
  void stopNodes() {
    nodes.forEach(NodeProcess::close);
  }

  @Test
  void theNodesServeAndTierWithTheFilesSettings() throws Exception {
    ComposeFile file = ComposeFile.read(FILE);
    List<Integer> free = new ArrayList<>(NodeProcess.freePorts(MOST_PORTS));
    try (S3Store store = new S3Store(file.environment("store"), home.resolve("store"))) {
      ports.put("store:8080", store.port());
      for (int id : IDS) {
        nodes.add(node(file, id, free));
      }
      startAll();

      String bootstrap =
          nodes.stream().map(NodeProcess::bootstrapServer).collect(Collectors.joining(","));
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
        patiently().untilAsserted(() -> knowsAllNodes(admin));
        NewTopic orders = new NewTopic("orders", Optional.of(1), Optional.empty());
        orders.configs(Map.of("segment.bytes", "1048576"));
        admin.createTopics(List.of(orders)).all().get();
        patiently().untilAsserted(() -> assertThat(replicas(admin, "orders")).hasSize(3));
      }
      produce(bootstrap);
      await().atMost(PATIENCE).until(() -> store.objects() > 0);
    }
  }

  private void knowsAllNodes(Admin admin) throws Exception {
    assertThat(admin.describeCluster().nodes().get())
        .extracting(Node::id, Node::port, Node::rack)
        .containsExactlyInAnyOrderElementsOf(
            IDS.stream().map(id -> tuple(id, clientPort(id), "rack-" + id)).toList());
  }

  private static List<Node> replicas(Admin admin, String topic) throws Exception {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .getFirst()
        .replicas();
  }

  /** A node of the file; its addresses are loopback ones, its clients' that of LOCAL. */
  private NodeProcess node(ComposeFile file, int id, List<Integer> free) throws IOException {
    Map<String, String> settings = new HashMap<>();
    for (String setting : file.settings("node-" + id)) {
      int equals = setting.indexOf('=');
      settings.put(
          setting.substring(0, equals), onLoopback(setting.substring(equals + 1), id, free));
    }
    Path folder = Files.createDirectories(home.resolve("node-" + id));
    NodeProcess node =
        new NodeProcess(folder, clientPort(id), port("node-" + id, 9094, free))
            .withHeap("256m")
            .with("tidemark.log.dir.min.free.bytes", "0")
            .with("tiering.s3.access.key.id", file.named("identity"))
            .with("tiering.s3.secret.access.key", file.named("credential"));
    settings.put("log.dirs", folder.resolve("data").toString());
    settings.forEach(node::with);
    return node;
  }

  private String onLoopback(String value, int id, List<Integer> free) {
    return ADDRESS
        .matcher(value)
        .replaceAll(found -> {
          boolean isOwn = found.group(1).equals("0.0.0.0") || found.group(1).equals("localhost");
          String host = isOwn ? "node-" + id : found.group(1);
          return "127.0.0.1:" + port(host, Integer.parseInt(found.group(2)), free);
        });
  }

  private int port(String host, int port, List<Integer> free) {
    return ports.computeIfAbsent(host + ":" + port, _ -> free.removeLast());
  }

  /** Where the file publishes a node: 19092, 29092, 39092. */
  private int clientPort(int id) {
    Integer port = ports.get("node-%d:%d9092".formatted(id, id));
    if (port == null) {
      throw new IllegalStateException("node %d publishes no port %d9092".formatted(id, id));
    }
    return port;
  }

  private void startAll() {
    nodes.stream()
        .map(node ->
            CompletableFuture.supplyAsync(() -> {
              try {
                return node.start();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }))
        .toList()
        .forEach(CompletableFuture::join);
  }

  private static void produce(String bootstrap) {
    Random random = new Random(7);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        byte[] value = new byte[RECORD_BYTES];
        random.nextBytes(value);
        producer.send(new ProducerRecord<>("orders", value));
      }
    }
  }

  /** S3Proxy with the environment of its container, which its start script makes properties. */
  private static final class S3Store implements AutoCloseable {
    private final Path folder;
    private final S3Proxy proxy;

    S3Store(Map<String, String> environment, Path folder) throws Exception {
      this.folder = folder;
      Properties properties = new Properties();
      environment.forEach((name, value) -> {
        if (name.startsWith("S3PROXY_")) {
          String key = name.substring("S3PROXY_".length()).toLowerCase(Locale.ROOT);
          properties.put(
              "s3proxy." + key.replace("req_size", "request_size").replace('_', '-'), value);
        }
      });
      properties.put("s3proxy.endpoint", "http://127.0.0.1:0");
      FilesystemNio2BlobStore files =
          new FilesystemNio2BlobStore(Files.createDirectories(folder).toString());
      Files.createDirectory(folder.resolve("tidemark")); // as the service `bucket` does
      proxy = S3Proxy.Builder.fromProperties(properties).blobStore(files).build();
      proxy.start();
    }

    int port() {
      return proxy.getPort();
    }

    long objects() throws IOException {
      Path history = folder.resolve("tidemark/history");
      if (!Files.exists(history)) {
        return 0;
      }
      try (Stream<Path> files = Files.walk(history)) {
        return files.filter(Files::isRegularFile).count();
      }
    }

    @Override
    public void close() {
      try {
        proxy.stop();
      } catch (Exception e) {
        throw new IllegalStateException("S3Proxy did not stop", e);
      }
    }
  }
}
