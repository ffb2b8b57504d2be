package io.tidemark.gateway.config;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/** A topic's settings over the node's defaults, parsed when asked for. */
final class TopicValues {
  private final TopicConfigs defaults;
  private final Map<String, String> settings;

  TopicValues(TopicConfigs defaults, Map<String, String> settings) {
    this.defaults = defaults;
    this.settings = settings;
  }

  /** The value that holds: the topic's own where it parses, else the default. */
  Object get(String name) {
    String own = settings.get(name);
    ConfigKey key = TopicDefinition.key(name);
    if (own != null && key != null) {
      try {
        Object value = NodeConfigReader.parse(key, own);
        if (value != null) {
          return value;
        }
      } catch (ConfigException e) {
        // refused when it was to be set; an older release may have let it through
      }
    }
    return defaults.defaultValue(name);
  }

  boolean isOwn(String name) {
    return settings.containsKey(name);
  }

  long number(String name) {
    return ((Number) get(name)).longValue();
  }

  int integer(String name) {
    return ((Number) get(name)).intValue();
  }

  double fraction(String name) {
    return ((Number) get(name)).doubleValue();
  }

  boolean flag(String name) {
    return (boolean) get(name);
  }

  String text(String name) {
    return (String) get(name);
  }

  List<?> list(String name) {
    return (List<?>) get(name);
  }
}
