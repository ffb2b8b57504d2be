package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ConfigDescriptions.EffectiveConfigs;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.NodeOverrides;
import io.tidemark.gateway.config.TopicConfigs;
import io.tidemark.log.LogConfig;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.quorum.ImageFollower;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.common.internals.Topic;

/**
 * A topic's own settings over the node's, with what is set at run time. Safe from any thread; the
 * node's settings are worked out anew only when they have changed.
 */
final class ImageLogConfigs implements TopicLogConfigs, EffectiveConfigs {
  private static final int UNLIMITED = -1;
  private static final int MAX_KEPT = 1000;

  private final NodeConfig config;
  private volatile Current current;

  /**
   * What follows from the node's settings at a moment.
   *
   * @param kept made for some settings of topics: those without any share one, however many
   */
  private record Current(
      NodeOverrides overrides,
      NodeConfig node,
      TopicConfigs topics,
      Map<Map<String, String>, LogConfig> kept) {
    static Current of(NodeOverrides overrides, NodeConfig node) {
      return new Current(overrides, node, new TopicConfigs(node), new ConcurrentHashMap<>());
    }

    LogConfig logConfig(Map<String, String> settings) {
      LogConfig known = kept.get(settings);
      if (known != null) {
        return known;
      }
      if (kept.size() >= MAX_KEPT) {
        kept.clear();
      }
      return kept.computeIfAbsent(settings, topics::logConfig);
    }
  }

  ImageLogConfigs(NodeConfig config) {
    this.config = config;
    this.current = Current.of(NodeOverrides.NONE, config);
  }

  @Override
  public LogConfig of(ClusterImage image, String topic) {
    LogConfig logConfig = at(image).logConfig(image.configs().ofTopic(topic));
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

  /** Tells the node's settings whenever the cluster has changed them, on the image's thread. */
  void whenNodeChanges(ImageFollower images, Consumer<NodeConfig> listener) {
    AtomicReference<NodeConfig> told = new AtomicReference<>(config);
    images.listen((previous, next, delta) -> {
      NodeConfig now = node(next);
      if (told.getAndSet(now) != now) {
        listener.accept(now);
      }
    });
  }

  private Current at(ClusterImage image) {
    NodeOverrides overrides = overrides(image);
    Current known = current;
    if (!known.overrides.equals(overrides)) {
      known = Current.of(overrides, config.with(overrides));
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
