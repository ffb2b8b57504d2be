package io.tidemark.bench.load;

import io.tidemark.bench.server.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;

/**
 * The topics of one server or cluster, made, dropped and asked about. Used by one thread; closed by
 * it.
 */
public final class Topics implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final long PAUSE_MS = 50;

  private final Admin admin;

  public Topics(String bootstrap) {
    this(Endpoint.plain(bootstrap));
  }

  Topics(Endpoint server) {
    Map<String, Object> config = new HashMap<>(server.security());
    config.put("bootstrap.servers", server.bootstrap());
    config.put("retry.backoff.ms", 20);
    admin = Admin.create(config);
  }

  /** Makes a topic and waits until all its partitions are served. */
  public void create(String topic, int partitions, Map<String, String> configs)
      throws InterruptedException, ExecutionException {
    admin.createTopics(List.of(newTopic(topic, partitions, configs))).all().get();
    await(topic + " served", () -> isServed(topic, partitions));
  }

  /** Makes a topic and returns when the server says so. */
  public void createOnly(String topic, int partitions)
      throws InterruptedException, ExecutionException {
    admin.createTopics(List.of(newTopic(topic, partitions, Map.of()))).all().get();
  }

  public void delete(String topic) throws InterruptedException, ExecutionException {
    admin.deleteTopics(List.of(topic)).all().get();
  }

  public static List<TopicPartition> partitions(String topic, int count) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      partitions.add(new TopicPartition(topic, i));
    }
    return partitions;
  }

  /** One offset of each partition, in the order of partitions. */
  public Map<Integer, Long> offsets(String topic, int partitions, OffsetSpec spec)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions(topic, partitions).forEach(partition -> asked.put(partition, spec));
    Map<Integer, Long> offsets = new TreeMap<>();
    admin
        .listOffsets(asked)
        .all()
        .get()
        .forEach((partition, result) -> offsets.put(partition.partition(), result.offset()));
    return offsets;
  }

  /** Waits until nothing below these offsets is on the local disk. */
  public void awaitLocalStart(String topic, int partitions, Map<Integer, Long> offsets)
      throws InterruptedException, ExecutionException {
    await(
        topic + " cold",
        () -> {
          Map<Integer, Long> starts = offsets(topic, partitions, OffsetSpec.earliestLocal());
          return offsets.entrySet().stream()
              .allMatch(e -> starts.getOrDefault(e.getKey(), -1L) >= e.getValue());
        });
  }

  /** The node that leads each partition, in the order of partitions; -1 where none does. */
  public List<Integer> leaders(String topic) throws InterruptedException, ExecutionException {
    return described(topic).stream()
        .map(partition -> partition.leader() == null ? -1 : partition.leader().id())
        .toList();
  }

  /** The node that leads the metadata quorum. */
  public int quorumLeader() throws InterruptedException, ExecutionException {
    return admin.describeMetadataQuorum().quorumInfo().get().leaderId();
  }

  /**
   * Waits until every partition has all its replicas in sync and is led by the first of them, which
   * it is told to be.
   */
  public void awaitPreferred(String topic) throws InterruptedException, ExecutionException {
    await(topic + " in sync", () -> described(topic).stream().allMatch(Topics::isInSync));
    await(
        topic + " led by its preferred replicas",
        () -> {
          Set<TopicPartition> others = notPreferred(topic);
          if (!others.isEmpty()) {
            admin.electLeaders(ElectionType.PREFERRED, others).partitions().get();
          }
          return others.isEmpty();
        });
  }

  private Set<TopicPartition> notPreferred(String topic)
      throws InterruptedException, ExecutionException {
    return described(topic).stream()
        .filter(partition -> !Objects.equals(partition.leader(), partition.replicas().getFirst()))
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .collect(Collectors.toSet());
  }

  private static boolean isInSync(TopicPartitionInfo partition) {
    return partition.isr().size() == partition.replicas().size();
  }

  private List<TopicPartitionInfo> described(String topic)
      throws InterruptedException, ExecutionException {
    Map<String, TopicDescription> descriptions =
        admin.describeTopics(List.of(topic)).allTopicNames().get();
    return Objects.requireNonNull(descriptions.get(topic)).partitions();
  }

  /** Changes a setting of a topic. */
  public void configure(String topic, String key, String value)
      throws InterruptedException, ExecutionException {
    AlterConfigOp change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
        .all()
        .get();
  }

  /** Waits until a topic's logs have at most so many bytes. */
  public void awaitSize(String topic, long bytes) throws InterruptedException, ExecutionException {
    await(topic + " as small as " + bytes, () -> sizeBytes(topic) <= bytes);
  }

  private long sizeBytes(String topic) throws InterruptedException, ExecutionException {
    List<Integer> nodes = admin.describeCluster().nodes().get().stream().map(Node::id).toList();
    return admin.describeLogDirs(nodes).allDescriptions().get().values().stream()
        .flatMap(folders -> folders.values().stream())
        .flatMap(folder -> folder.replicaInfos().entrySet().stream())
        .filter(replica -> replica.getKey().topic().equals(topic))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }

  @Override
  public void close() {
    admin.close();
  }

  private boolean isServed(String topic, int partitions)
      throws InterruptedException, ExecutionException {
    return offsets(topic, partitions, OffsetSpec.latest()).size() == partitions;
  }

  /** With as many replicas as the server gives by default. */
  private static NewTopic newTopic(String topic, int partitions, Map<String, String> configs) {
    return new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs);
  }

  /** A question to the server. */
  private interface Condition {
    boolean holds() throws InterruptedException, ExecutionException;
  }

  private static void await(String what, Condition condition)
      throws InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("still not " + what + " after " + LIMIT);
      }
      Thread.sleep(PAUSE_MS);
    }
  }

  /** A server that cannot say yet is asked again. */
  private static boolean holds(Condition condition)
      throws InterruptedException, ExecutionException {
    try {
      return condition.holds();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetriableException) {
        return false;
      }
      throw e;
    }
  }
}
