package io.tidemark.gateway.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.tidemark.gateway.api.LoggerLevels;
import io.tidemark.gateway.config.ConfigEntry;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigType;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The levels of Logback's loggers; the root one is called {@code root}, as Kafka calls it. */
final class LogbackLevels implements LoggerLevels {
  private static final String ROOT = "root";

  /** Kafka's names of levels; FATAL is an ERROR here. */
  private static final Map<String, Level> LEVELS =
      Map.of(
          "TRACE", Level.TRACE,
          "DEBUG", Level.DEBUG,
          "INFO", Level.INFO,
          "WARN", Level.WARN,
          "ERROR", Level.ERROR,
          "FATAL", Level.ERROR);

  @Override
  public List<ConfigEntry> describe() {
    return context().getLoggerList().stream().map(LogbackLevels::describe).toList();
  }

  private static ConfigEntry describe(Logger logger) {
    String name = logger.getName().equals(Logger.ROOT_LOGGER_NAME) ? ROOT : logger.getName();
    return new ConfigEntry(
        name,
        logger.getEffectiveLevel().toString(),
        ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG,
        ConfigType.STRING,
        "Level from which on this logger's lines are written.",
        false,
        false,
        List.of());
  }

  @Override
  public boolean isKnown(String logger) {
    return context().exists(nameOf(logger)) != null;
  }

  @Override
  public void requireLevel(@Nullable String level) {
    if (level == null || !LEVELS.containsKey(level)) {
      throw new InvalidConfigurationException(
          "Levels are TRACE, DEBUG, INFO, WARN, ERROR and FATAL, not " + level);
    }
  }

  @Override
  public void set(String logger, @Nullable String level) {
    Logger known = context().getLogger(nameOf(logger));
    boolean isRoot = logger.equals(ROOT);
    known.setLevel(level == null ? (isRoot ? Level.INFO : null) : LEVELS.get(level));
  }

  private static String nameOf(String logger) {
    return logger.equals(ROOT) ? Logger.ROOT_LOGGER_NAME : logger;
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
