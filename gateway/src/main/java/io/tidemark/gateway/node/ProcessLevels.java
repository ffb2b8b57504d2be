package io.tidemark.gateway.node;

import io.tidemark.gateway.api.LoggerLevels;
import io.tidemark.gateway.config.ConfigEntry;
import java.util.List;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The levels of whatever logs in this process: Logback's in a server. A node in another program, as
 * in a test, may find something else behind SLF4J, whose loggers nobody can list.
 */
final class ProcessLevels {
  /** By name, because Logback need not be there. */
  private static final String LOGBACK = "ch.qos.logback.classic.LoggerContext";

  private ProcessLevels() {}

  static LoggerLevels find() {
    return of(LoggerFactory.getILoggerFactory().getClass().getName());
  }

  static LoggerLevels of(String loggerFactory) {
    return loggerFactory.equals(LOGBACK) ? new LogbackLevels() : new None();
  }

  /** No logger is known, so none can be changed. */
  private static final class None implements LoggerLevels {
    @Override
    public List<ConfigEntry> describe() {
      return List.of();
    }

    @Override
    public boolean isKnown(String logger) {
      return false;
    }

    @Override
    public void requireLevel(@Nullable String level) {
      throw refusal();
    }

    @Override
    public void set(String logger, @Nullable String level) {
      throw refusal();
    }

    private static InvalidConfigurationException refusal() {
      return new InvalidConfigurationException(
          "The program this node runs in does not log with Logback: levels are its own affair");
    }
  }
}
