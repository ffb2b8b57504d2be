package io.tidemark.gateway.config;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A node setting that holds where a topic has none.
 *
 * @param unit of the node's number, when it is not the topic's own; null otherwise
 */
record NodeSynonym(String key, @Nullable TimeUnit unit) {

  static NodeSynonym same(String key) {
    return new NodeSynonym(key, null);
  }

  static NodeSynonym minutes(String key) {
    return new NodeSynonym(key, TimeUnit.MINUTES);
  }

  static NodeSynonym hours(String key) {
    return new NodeSynonym(key, TimeUnit.HOURS);
  }

  /** The node's value as the topic's, milliseconds where it is a time; -1 stays "for ever". */
  Object converted(Object value) {
    if (unit == null) {
      return value;
    }
    long number = ((Number) value).longValue();
    return number < 0 ? number : unit.toMillis(number);
  }
}
