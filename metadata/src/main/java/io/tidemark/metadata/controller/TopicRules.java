package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ConfigsImage;
import java.util.Map;

/**
 * What elections must know of a topic's configuration: the topic's override, else the setting of
 * the node that decides, which already holds what the cluster has changed.
 */
record TopicRules(int minInsyncReplicas, boolean uncleanLeaderElection) {
  static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";
  static final String UNCLEAN_LEADER_ELECTION = "unclean.leader.election.enable";

  static TopicRules of(String topic, ConfigsImage configs, ControllerSettings settings) {
    Map<String, String> overrides = configs.ofTopic(topic);
    String least = overrides.get(MIN_INSYNC_REPLICAS);
    String unclean = overrides.get(UNCLEAN_LEADER_ELECTION);
    return new TopicRules(
        least == null ? settings.minInsyncReplicas() : number(least, settings),
        unclean == null ? settings.uncleanLeaderElection() : Boolean.parseBoolean(unclean.strip()));
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
