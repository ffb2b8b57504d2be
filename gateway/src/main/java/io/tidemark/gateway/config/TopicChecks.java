package io.tidemark.gateway.config;

import static org.apache.kafka.common.config.TopicConfig.*;

import java.util.Map;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/**
 * What a topic's settings say together. Limits between local and whole retention hold only where
 * the topic sets its local one: the node's default gives way by itself.
 */
final class TopicChecks {
  private static final long UNLIMITED = -1;
  private static final long LIKE_RETENTION = -2;

  private final TopicValues values;

  private TopicChecks(TopicValues values) {
    this.values = values;
  }

  static void check(Map<String, String> settings, TopicConfigs configs, boolean hasStore) {
    TopicChecks checks = new TopicChecks(new TopicValues(configs, settings));
    checks.checkCompactionLag();
    checks.checkRemoteStorage(hasStore);
    if (checks.values.flag(REMOTE_LOG_STORAGE_ENABLE_CONFIG)) {
      checks.checkLocal(LOCAL_LOG_RETENTION_MS_CONFIG, RETENTION_MS_CONFIG);
      checks.checkLocal(LOCAL_LOG_RETENTION_BYTES_CONFIG, RETENTION_BYTES_CONFIG);
      checks.checkLag(
          REMOTE_COPY_LAG_MS_CONFIG, LOCAL_LOG_RETENTION_MS_CONFIG, RETENTION_MS_CONFIG);
      checks.checkLag(
          REMOTE_COPY_LAG_BYTES_CONFIG, LOCAL_LOG_RETENTION_BYTES_CONFIG, RETENTION_BYTES_CONFIG);
    }
  }

  private void checkCompactionLag() {
    if (values.number(MIN_COMPACTION_LAG_MS_CONFIG) > values.number(MAX_COMPACTION_LAG_MS_CONFIG)) {
      throw refused(
          MIN_COMPACTION_LAG_MS_CONFIG, "must not be above " + MAX_COMPACTION_LAG_MS_CONFIG);
    }
  }

  private void checkRemoteStorage(boolean hasStore) {
    boolean isAskedFor =
        values.isOwn(REMOTE_LOG_STORAGE_ENABLE_CONFIG)
            && values.flag(REMOTE_LOG_STORAGE_ENABLE_CONFIG);
    if (isAskedFor && !hasStore) {
      throw refused(
          REMOTE_LOG_STORAGE_ENABLE_CONFIG, "the node has no object store; set tiering.store");
    }
  }

  private void checkLocal(String localKey, String wholeKey) {
    long local = values.number(localKey);
    long whole = values.number(wholeKey);
    if (values.isOwn(localKey) && local != LIKE_RETENTION && whole != UNLIMITED) {
      if (local == UNLIMITED || local > whole) {
        throw refused(localKey, "must not be more than %s, which is %d".formatted(wholeKey, whole));
      }
    }
    boolean stopsCopying = values.flag(REMOTE_LOG_COPY_DISABLE_CONFIG);
    if (stopsCopying && values.isOwn(localKey) && local != LIKE_RETENTION && local != whole) {
      throw refused(
          localKey,
          "must be as %s, or -2, once %s is set"
              .formatted(wholeKey, REMOTE_LOG_COPY_DISABLE_CONFIG));
    }
  }

  private void checkLag(String lagKey, String localKey, String wholeKey) {
    long lag = values.number(lagKey);
    long local = values.number(localKey);
    long limit = local == LIKE_RETENTION ? values.number(wholeKey) : local;
    if (values.isOwn(lagKey) && limit != UNLIMITED && lag > limit) {
      throw refused(
          lagKey, "must not be more than the effective %s, which is %d".formatted(localKey, limit));
    }
  }

  private InvalidConfigurationException refused(String key, String why) {
    return new InvalidConfigurationException(
        "Invalid value %s for configuration %s: %s".formatted(values.get(key), key, why));
  }
}
