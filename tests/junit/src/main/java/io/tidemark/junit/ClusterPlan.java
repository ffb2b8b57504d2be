package io.tidemark.junit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * What a cluster is to be.
 *
 * @param nodes how many
 * @param properties settings of every node, over those made for tests
 * @param topics created before the first test sees the cluster
 * @param hasStore whether a folder is its object store
 */
record ClusterPlan(
    int nodes, Map<String, String> properties, List<NewTopic> topics, boolean hasStore) {

  /** More do not tell a test more, and would fill its process. */
  private static final int MAX_NODES = 9;

  ClusterPlan {
    if (nodes < 1 || nodes > MAX_NODES) {
      throw new IllegalArgumentException(
          "a cluster has 1 to %d nodes, not %d".formatted(MAX_NODES, nodes));
    }
    properties = Map.copyOf(properties);
    topics = List.copyOf(topics);
  }

  static ClusterPlan of(Tidemark annotation) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String property : annotation.properties()) {
      int equals = property.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("a property is name=value, not " + property);
      }
      properties.put(property.substring(0, equals).strip(), property.substring(equals + 1).strip());
    }
    List<NewTopic> topics = new ArrayList<>();
    for (String topic : annotation.topics()) {
      topics.add(topic(topic));
    }
    return new ClusterPlan(annotation.nodes(), properties, topics, annotation.store());
  }

  /** A colon cannot be part of a topic's name. */
  private static NewTopic topic(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return topic(text, 1);
    }
    try {
      return topic(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1).strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a topic is name or name:partitions, not " + text, e);
    }
  }

  /** With as many replicas as the cluster gives by default. */
  static NewTopic topic(String name, int partitions) {
    return new NewTopic(name.strip(), Optional.of(partitions), Optional.empty());
  }
}
