package io.tidemark.gateway.node;

import io.tidemark.log.LogConfig;
import io.tidemark.metadata.image.ClusterImage;

/** The settings of a topic's logs, as an image and this node's configuration give them. Pure. */
@FunctionalInterface
interface TopicLogConfigs {
  LogConfig of(ClusterImage image, String topic);
}
