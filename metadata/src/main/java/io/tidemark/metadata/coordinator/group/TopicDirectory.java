package io.tidemark.metadata.coordinator.group;

import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Which topics there are. Supplied by the wiring from the cluster image; safe from any thread. The
 * answers never go back in time, and are at least as new as any election the coordinator was told
 * of.
 */
public interface TopicDirectory {
  /** The topic that has this name now, or null. */
  @Nullable KnownTopic byName(String name);

  /** The topic with this id, or null when there is none (any more). */
  @Nullable KnownTopic byId(Uuid id);
}
