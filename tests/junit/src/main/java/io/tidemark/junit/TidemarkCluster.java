package io.tidemark.junit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A cluster in the process of a test. Its folders are temporary and go with it. Safe from any
 * thread. Closed by the extension that started it; clients that a test made are the test's to
 * close.
 */
public final class TidemarkCluster implements AutoCloseable {
  private static final long PATIENCE_MS = 30_000;

  /** The first attempt's answer should not be waited for as long as a real network's. */
  private static final int REQUEST_TIMEOUT_MS = 10_000;

  private static final Duration POLL = Duration.ofMillis(200);

  private final Path folder;
  private final boolean hasStore;
  private final LocalNodes nodes; // guarded by this
  private boolean isClosed; // guarded by this

  private TidemarkCluster(ClusterPlan plan, Path folder) throws IOException {
    this.folder = folder;
    this.hasStore = plan.hasStore() && !plan.properties().containsKey("tiering.store");
    this.nodes = new LocalNodes(plan, folder);
  }

  /** Starts a cluster and creates its topics; nothing is left where that fails. */
  static TidemarkCluster start(ClusterPlan plan) {
    try {
      TidemarkCluster cluster = new TidemarkCluster(plan, Folders.create());
      try {
        cluster.nodes.start();
        cluster.createTopics(plan.topics());
        return cluster;
      } catch (IOException | RuntimeException e) {
        cluster.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the cluster did not start: " + e.getMessage(), e);
    }
  }

  /** Where clients find the nodes that run. */
  public synchronized String bootstrapServers() {
    return nodes.running().stream().map(LocalNode::address).collect(Collectors.joining(","));
  }

  /** What every client of this cluster needs, and the settings of one over it. */
  public Map<String, Object> clientConfig(Map<String, ?> more) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrapServers());
    config.put("request.timeout.ms", REQUEST_TIMEOUT_MS);
    config.putAll(more);
    return config;
  }

  /** What a consumer needs that reads from the beginning as a member of a group. */
  public Map<String, Object> consumerConfig(String groupId) {
    return clientConfig(
        Map.of(
            ConsumerConfig.GROUP_ID_CONFIG,
            groupId,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest"));
  }

  /** A new client for administration. */
  public Admin admin() {
    return Admin.create(clientConfig(Map.of()));
  }

  /** A new producer of texts. */
  public KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        clientConfig(Map.of()), new StringSerializer(), new StringSerializer());
  }

  /** A new consumer of texts that reads topics from their beginning as a member of a group. */
  public KafkaConsumer<String, String> consumer(String groupId, String... topics) {
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            consumerConfig(groupId), new StringDeserializer(), new StringDeserializer());
    consumer.subscribe(List.of(topics));
    return consumer;
  }

  /** Creates a topic, with as many replicas as the cluster gives by default. */
  public void createTopic(String name, int partitions) {
    createTopics(List.of(ClusterPlan.topic(name, partitions)));
  }

  /** Creates topics; they can be written to when this returns. */
  public void createTopics(List<NewTopic> topics) {
    if (topics.isEmpty()) {
      return;
    }
    try (Admin admin = admin()) {
      var _ = admin.createTopics(topics).all().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("topics were not created: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Sends one record and waits until it is acknowledged. */
  @CanIgnoreReturnValue
  public RecordMetadata send(String topic, String key, String value) {
    try (KafkaProducer<String, String> producer = producer()) {
      return producer
          .send(new ProducerRecord<>(topic, key, value))
          .get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the record was not taken: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Reads a topic's records from the beginning, of every partition, until there are as many as
   * wanted. Commits nothing.
   *
   * @throws AssertionError when there are fewer after half a minute, with those there are
   */
  public List<ConsumerRecord<String, String>> read(String topic, int count) {
    List<ConsumerRecord<String, String>> read = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            clientConfig(Map.of()), new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long polls = PATIENCE_MS / POLL.toMillis();
      for (long poll = 0; poll < polls && read.size() < count; poll++) {
        consumer.poll(POLL).forEach(read::add);
      }
    }
    if (read.size() < count) {
      throw new AssertionError(
          "%s has %d records, not %d: %s".formatted(topic, read.size(), count, read));
    }
    return List.copyOf(read);
  }

  public synchronized String clusterId() {
    return anyRunning().node().clusterId();
  }

  /** All nodes, whether they run or not. */
  public synchronized List<Integer> nodeIds() {
    return nodes.ids();
  }

  /** Stops a node in order; it keeps its folders and its address. */
  public synchronized void stopNode(int id) {
    nodes.node(id).stop();
  }

  /** Starts a node that was stopped. */
  public synchronized void startNode(int id) {
    try {
      nodes.node(id).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Metrics and probes of a node that runs, such as {@code http().resolve("/metrics")}. */
  public synchronized URI http() {
    return URI.create("http://" + anyRunning().node().http());
  }

  /** The folder that is the object store; empty without one, or with another one. */
  public Optional<Path> store() {
    return hasStore ? Optional.of(folder.resolve("store")) : Optional.empty();
  }

  private LocalNode anyRunning() {
    return nodes.running().stream()
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no node runs"));
  }

  /** Stops all nodes and deletes their folders. */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      nodes.stop();
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }
}
