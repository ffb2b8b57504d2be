package io.tidemark.gateway.replication;

import io.tidemark.gateway.config.ThrottledList;
import io.tidemark.metadata.image.ClusterImage;
import org.apache.kafka.common.TopicIdPartition;

/**
 * Which replicas of this node a topic's setting throttles.
 *
 * @param topicSetting {@code leader.replication.throttled.replicas}, or the follower's
 */
public record ThrottledReplicas(String topicSetting, int nodeId) {

  boolean contain(ClusterImage image, TopicIdPartition id) {
    String list = image.configs().ofTopic(id.topic()).get(topicSetting);
    return list != null && ThrottledList.names(list, id.partition(), nodeId);
  }
}
