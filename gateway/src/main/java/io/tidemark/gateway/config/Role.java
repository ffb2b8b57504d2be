package io.tidemark.gateway.config;

/** What a node does: {@code process.roles}. */
public enum Role {
  /** Serves clients and holds hot replicas. */
  BROKER,
  /** Serves clients without replicas of its own. */
  GATEWAY,
  /** Votes in the metadata quorum. */
  CONTROLLER
}
