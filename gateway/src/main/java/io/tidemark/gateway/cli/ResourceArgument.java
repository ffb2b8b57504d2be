package io.tidemark.gateway.cli;

import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Whose settings are meant: exactly one of a topic, a node, all nodes, a group, or a node's
 * loggers.
 */
final class ResourceArgument {
  @Option(names = "--topic", paramLabel = "TOPIC", description = "Settings of this topic.")
  @Nullable String topic;

  @Option(names = "--node", paramLabel = "ID", description = "Settings of the node with this id.")
  @Nullable Integer node;

  @Option(names = "--all-nodes", description = "Settings that hold for every node.")
  boolean allNodes;

  @Option(names = "--group", paramLabel = "GROUP", description = "Settings of this group.")
  @Nullable String group;

  @Option(
      names = "--loggers",
      paramLabel = "ID",
      description = "Log levels of the node with this id: names are loggers, values levels.")
  @Nullable Integer loggers;

  ConfigResource resource() {
    if (topic != null) {
      return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
    if (group != null) {
      return new ConfigResource(ConfigResource.Type.GROUP, group);
    }
    if (loggers != null) {
      return new ConfigResource(ConfigResource.Type.BROKER_LOGGER, loggers.toString());
    }
    return new ConfigResource(ConfigResource.Type.BROKER, node == null ? "" : node.toString());
  }

  String text() {
    ConfigResource resource = resource();
    return switch (resource.type()) {
      case TOPIC -> "topic " + resource.name();
      case GROUP -> "group " + resource.name();
      case BROKER_LOGGER -> "loggers of node " + resource.name();
      default -> resource.name().isEmpty() ? "all nodes" : "node " + resource.name();
    };
  }
}
