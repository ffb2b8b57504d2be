package io.tidemark.gateway.api;

import io.tidemark.gateway.config.ConfigEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The levels of this process's loggers, which an operator may change while it runs. Supplied by the
 * wiring.
 */
public interface LoggerLevels {

  /** Every logger and the level that holds for it. */
  List<ConfigEntry> describe();

  /** Whether there is such a logger. */
  boolean isKnown(String logger);

  /**
   * Refuses what is no level.
   *
   * @throws org.apache.kafka.common.errors.InvalidConfigurationException naming those there are
   */
  void requireLevel(@Nullable String level);

  /** Sets a logger's level; null makes it inherit again. */
  void set(String logger, @Nullable String level);
}
