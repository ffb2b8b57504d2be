package io.tidemark.gateway.api;

import io.tidemark.gateway.config.ConfigEntry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.NodeConfigs;
import io.tidemark.gateway.config.TopicConfigs;
import io.tidemark.metadata.image.ClusterImage;
import java.util.List;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;

/** The settings that hold for a resource at this moment. Safe from any thread. */
public final class ConfigDescriptions {
  private final ClusterView cluster;
  private final EffectiveConfigs configs;
  private final LoggerLevels loggers;

  /** The node's settings and those of topics under it, as an image leaves them. */
  public interface EffectiveConfigs {
    NodeConfig node(ClusterImage image);

    TopicConfigs topics(ClusterImage image);
  }

  public ConfigDescriptions(ClusterView cluster, EffectiveConfigs configs, LoggerLevels loggers) {
    this.cluster = cluster;
    this.configs = configs;
    this.loggers = loggers;
  }

  /** Throws Kafka's own exceptions for a resource that is not there or not here. */
  List<ConfigEntry> describe(ConfigResource resource) {
    ClusterImage image = cluster.image();
    return switch (resource.type()) {
      case TOPIC -> topic(image, resource.name());
      case BROKER -> node(image, resource.name());
      case BROKER_LOGGER -> {
        requireThisNode(resource.name());
        yield loggers.describe();
      }
      case GROUP, CLIENT_METRICS -> {
        requireName(resource);
        yield List.of();
      }
      case UNKNOWN -> throw new InvalidRequestException("Unknown type of resource");
    };
  }

  private List<ConfigEntry> topic(ClusterImage image, String name) {
    try {
      Topic.validate(name);
    } catch (InvalidTopicException e) {
      throw new InvalidTopicException("Topic name " + name + " is not valid: " + e.getMessage());
    }
    if (image.topics().idOf(name).isEmpty()) {
      throw new UnknownTopicOrPartitionException("There is no topic " + name);
    }
    return configs.topics(image).describe(image.configs().ofTopic(name));
  }

  /** The node without a name stands for what is set for all of them. */
  private List<ConfigEntry> node(ClusterImage image, String name) {
    if (name.isEmpty()) {
      return NodeConfigs.describeCluster(image.configs().ofAllNodes());
    }
    requireThisNode(name);
    return NodeConfigs.describe(configs.node(image));
  }

  private void requireThisNode(String name) {
    if (!name.equals(Integer.toString(cluster.nodeId()))) {
      throw new InvalidRequestException(
          "Only node %d itself can tell its settings, and this is node %d"
              .formatted(numberOf(name), cluster.nodeId()));
    }
  }

  private static int numberOf(String name) {
    try {
      return Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("A node's id is a number, not '" + name + "'");
    }
  }

  private static void requireName(ConfigResource resource) {
    if (resource.name().isEmpty()) {
      throw new InvalidRequestException("A " + resource.type() + " needs a name");
    }
  }
}
