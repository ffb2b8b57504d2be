package io.tidemark.gateway.config;

import java.util.List;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigType;
import org.jspecify.annotations.Nullable;

/**
 * One setting as DescribeConfigs tells it.
 *
 * @param value as text; null when sensitive or unset
 * @param synonyms where the value is looked for, first found first
 */
public record ConfigEntry(
    String name,
    @Nullable String value,
    ConfigSource source,
    ConfigType type,
    String documentation,
    boolean isSensitive,
    boolean isReadOnly,
    List<Synonym> synonyms) {

  /** A place a value comes from. */
  public record Synonym(String name, @Nullable String value, ConfigSource source) {}

  public ConfigEntry {
    synonyms = List.copyOf(synonyms);
  }
}
