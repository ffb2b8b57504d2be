package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ConfigDescriptions.EffectiveConfigs;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.NodeOverrides;
import io.tidemark.gateway.config.TopicConfigs;
import io.tidemark.log.LogConfig;
import io.tidemark.metadata.image.ClusterImage;
import org.apache.kafka.common.internals.Topic;

/**
 * A topic's own settings over the node's, with what is set at run time. Safe from any thread; the
 * node's settings are worked out anew only when they have changed.
 */
final class ImageLogConfigs implements TopicLogConfigs, EffectiveConfigs {
  private static final int UNLIMITED = -1;

  private final NodeConfig config;
  private volatile Current current;

  private record Current(NodeOverrides overrides, NodeConfig node, TopicConfigs topics) {}

  ImageLogConfigs(NodeConfig config) {
    this.config = config;
    this.current = new Current(NodeOverrides.NONE, config, new TopicConfigs(config));
  }

  @Override
  public LogConfig of(ClusterImage image, String topic) {
    LogConfig logConfig = topics(image).logConfig(image.configs().ofTopic(topic));
    return Topic.isInternal(topic) ? keptHere(logConfig) : logConfig;
  }

  @Override
  public TopicConfigs topics(ClusterImage image) {
    return at(image).topics;
  }

  @Override
  public NodeConfig node(ClusterImage image) {
    return at(image).node;
  }

  private Current at(ClusterImage image) {
    NodeOverrides overrides = overrides(image);
    Current known = current;
    if (!known.overrides.equals(overrides)) {
      NodeConfig node = config.with(overrides);
      known = new Current(overrides, node, new TopicConfigs(node));
      current = known;
    }
    return known;
  }

  private NodeOverrides overrides(ClusterImage image) {
    return new NodeOverrides(image.configs().ofNode(config.nodeId()), image.configs().ofAllNodes());
  }

  /** Coordinators load their topics from this disk: nothing of them leaves it. */
  private static LogConfig keptHere(LogConfig logConfig) {
    return logConfig.toBuilder()
        .localRetentionMs(UNLIMITED)
        .localRetentionBytes(UNLIMITED)
        .remoteStorageEnable(false)
        .build();
  }
}
