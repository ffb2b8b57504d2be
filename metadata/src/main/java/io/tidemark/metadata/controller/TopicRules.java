package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ConfigsImage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What elections must know of a topic's configuration: the topic's override, else the cluster's,
 * else the node's setting.
 */
record TopicRules(int minInsyncReplicas, boolean uncleanLeaderElection) {
  static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";
  static final String UNCLEAN_LEADER_ELECTION = "unclean.leader.election.enable";

  static TopicRules of(String topic, ConfigsImage configs, ControllerSettings settings) {
    Map<String, String> overrides = configs.ofTopic(topic);
    Map<String, String> cluster = configs.ofAllNodes();
    String least = first(overrides, cluster, MIN_INSYNC_REPLICAS);
    String unclean = first(overrides, cluster, UNCLEAN_LEADER_ELECTION);
    return new TopicRules(
        least == null ? settings.minInsyncReplicas() : number(least, settings),
        unclean == null ? settings.uncleanLeaderElection() : Boolean.parseBoolean(unclean.strip()));
  }

  private static @Nullable String first(
      Map<String, String> topic, Map<String, String> cluster, String key) {
    String value = topic.get(key);
    return value == null ? cluster.get(key) : value;
  }

  /** The policy let only numbers in, but an older release's policy may have been another. */
  private static int number(String value, ControllerSettings settings) {
    try {
      return Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      return settings.minInsyncReplicas();
    }
  }
}
