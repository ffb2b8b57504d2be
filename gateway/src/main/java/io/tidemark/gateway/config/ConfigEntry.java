package io.tidemark.gateway.config;

import java.util.List;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigType;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
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
  public record Synonym(String name, @Nullable String value, ConfigSource source) {

    public byte sourceId() {
      return idOf(source);
    }
  }

  public ConfigEntry {
    synonyms = List.copyOf(synonyms);
  }

  /** The source as it stands in responses. */
  public byte sourceId() {
    return idOf(source);
  }

  private static byte idOf(ConfigSource source) {
    for (DescribeConfigsResponse.ConfigSource candidate :
        DescribeConfigsResponse.ConfigSource.values()) {
      if (candidate.source() == source) {
        return candidate.id();
      }
    }
    return DescribeConfigsResponse.ConfigSource.UNKNOWN.id();
  }
}
