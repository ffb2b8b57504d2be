package io.tidemark.gateway.config;

import org.apache.kafka.clients.admin.ConfigEntry.ConfigType;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/** Settings as text for tools, secrets left out. */
final class ConfigText {
  private ConfigText() {}

  /** A parsed value; null when there is none or it is secret. */
  static @Nullable String of(ConfigKey key, @Nullable Object value) {
    return value == null || key.type == ConfigDef.Type.PASSWORD
        ? null
        : ConfigDef.convertToString(value, key.type);
  }

  /** A node setting's own text; null when it is secret. */
  static @Nullable String shown(String key, String value) {
    ConfigKey defined = NodeDefinition.key(key);
    return defined != null && defined.type == ConfigDef.Type.PASSWORD ? null : value;
  }

  static ConfigType type(ConfigKey key) {
    return switch (key.type) {
      case BOOLEAN -> ConfigType.BOOLEAN;
      case STRING -> ConfigType.STRING;
      case INT -> ConfigType.INT;
      case SHORT -> ConfigType.SHORT;
      case LONG -> ConfigType.LONG;
      case DOUBLE -> ConfigType.DOUBLE;
      case LIST -> ConfigType.LIST;
      case CLASS -> ConfigType.CLASS;
      case PASSWORD -> ConfigType.PASSWORD;
    };
  }
}
