package io.tidemark.tests.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Creates, configures and deletes topics nobody writes to, and remembers which must be there. */
final class AdminClient {
  private static final int TIMEOUT_MS = 4_000;

  private static final int LEAST_REPLICAS = 2;

  /** What is known of a topic. */
  enum Existence {
    THERE,
    GONE,
    UNKNOWN
  }

  private final ClusterClient client;
  private final RandomGenerator random;
  private final Map<String, Existence> topics = new TreeMap<>();
  private int count;

  AdminClient(ClusterClient client, RandomGenerator random) {
    this.client = client;
    this.random = random;
  }

  Map<String, Existence> topics() {
    return topics;
  }

  /** Creates a topic and goes on until it is certainly there. */
  void createUntilThere(String topic, int partitions, int replicas) {
    Errors error = Errors.REQUEST_TIMED_OUT;
    while (error != Errors.NONE && error != Errors.TOPIC_ALREADY_EXISTS) {
      error = create(topic, partitions, replicas);
      if (error != Errors.NONE) {
        client.pause();
      }
    }
  }

  /** One try; REQUEST_TIMED_OUT where nobody knows. */
  private Errors create(String topic, int partitions, int replicas) {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
    request
        .topics()
        .add(
            new CreateTopicsRequestData.CreatableTopic()
                .setName(topic)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) replicas));
    return client.ask(client.anyNode(), ApiKeys.CREATE_TOPICS, request)
            instanceof Outcome.Answered answered
        ? Errors.forCode(
            ((CreateTopicsResponseData) answered.body()).topics().iterator().next().errorCode())
        : Errors.REQUEST_TIMED_OUT;
  }

  /** Some change. */
  void work() {
    List<String> there =
        topics.entrySet().stream()
            .filter(entry -> entry.getValue() == Existence.THERE)
            .map(Map.Entry::getKey)
            .toList();
    if (random.nextInt(4) == 0) {
      reassign();
      return;
    }
    int draw = random.nextInt(there.isEmpty() ? 1 : 3);
    switch (draw) {
      case 0 -> createAnother();
      case 1 -> delete(there.get(random.nextInt(there.size())));
      default -> configure(there.get(random.nextInt(there.size())));
    }
  }

  private void createAnother() {
    String topic = "admin-" + count++;
    topics.put(topic, Existence.UNKNOWN);
    switch (create(topic, 1 + random.nextInt(2), 1)) {
      case NONE -> topics.put(topic, Existence.THERE);
      case REQUEST_TIMED_OUT, TOPIC_ALREADY_EXISTS, NOT_CONTROLLER -> {}
      case INVALID_REPLICATION_FACTOR -> topics.put(topic, Existence.GONE);
      default -> {}
    }
  }

  private void delete(String topic) {
    topics.put(topic, Existence.UNKNOWN);
    DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
    request.topics().add(new DeleteTopicsRequestData.DeleteTopicState().setName(topic));
    if (client.ask(client.anyNode(), ApiKeys.DELETE_TOPICS, request)
        instanceof Outcome.Answered answered) {
      Errors error =
          Errors.forCode(
              ((DeleteTopicsResponseData) answered.body())
                  .responses()
                  .iterator()
                  .next()
                  .errorCode());
      if (error == Errors.NONE) {
        topics.put(topic, Existence.GONE);
      }
    }
  }

  /** Gives a partition of the producers' topic another order of replicas, or one fewer or more. */
  private void reassign() {
    List<Integer> nodes = new ArrayList<>(client.nodeIds());
    for (int i = nodes.size() - 1; i > 0; i--) {
      Collections.swap(nodes, i, random.nextInt(i + 1));
    }
    int replicas = Math.max(LEAST_REPLICAS, nodes.size() - random.nextInt(2));
    AlterPartitionReassignmentsRequestData.ReassignableTopic topic =
        new AlterPartitionReassignmentsRequestData.ReassignableTopic()
            .setName(ClusterWorkload.TOPIC);
    topic
        .partitions()
        .add(
            new AlterPartitionReassignmentsRequestData.ReassignablePartition()
                .setPartitionIndex(0)
                .setReplicas(nodes.subList(0, Math.min(replicas, nodes.size()))));
    AlterPartitionReassignmentsRequestData request =
        new AlterPartitionReassignmentsRequestData().setTimeoutMs(TIMEOUT_MS);
    request.topics().add(topic);
    // Whatever the answer: it is done now, later or never, and nothing may depend on which.
    client.ask(client.anyNode(), ApiKeys.ALTER_PARTITION_REASSIGNMENTS, request);
  }

  private void configure(String topic) {
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    IncrementalAlterConfigsRequestData.AlterConfigsResource resource =
        new IncrementalAlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(ConfigResource.Type.TOPIC.id())
            .setResourceName(topic);
    resource
        .configs()
        .add(
            new IncrementalAlterConfigsRequestData.AlterableConfig()
                .setName("retention.ms")
                .setConfigOperation((byte) 0)
                .setValue(Integer.toString(1_000_000 + random.nextInt(1_000_000))));
    request.resources().add(resource);
    if (client.ask(client.anyNode(), ApiKeys.INCREMENTAL_ALTER_CONFIGS, request)
        instanceof Outcome.Answered answered) {
      Errors error =
          Errors.forCode(
              ((IncrementalAlterConfigsResponseData) answered.body())
                  .responses()
                  .getFirst()
                  .errorCode());
      if (error == Errors.UNKNOWN_TOPIC_OR_PARTITION) {
        // The node asked may not have heard of it yet.
        client.pause();
      }
    }
  }
}
