package io.tidemark.gateway.net;

import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Which requests one listener takes up: API keys with their version ranges. A request outside it
 * closes its connection, but for ApiVersions, whose unknown versions are answered. What is
 * advertised may be wider (Produce from version 0, for librdkafka) and is the handlers' matter.
 * Immutable.
 */
public final class ServedApis {

  /** Versions {@code oldest} to {@code latest}, both served. */
  public record Versions(short oldest, short latest) {
    public Versions {
      if (oldest > latest) {
        throw new IllegalArgumentException("versions " + oldest + " to " + latest);
      }
    }

    boolean contains(short version) {
      return version >= oldest && version <= latest;
    }
  }

  private final Map<ApiKeys, Versions> versions;

  public ServedApis(Map<ApiKeys, Versions> versions) {
    this.versions = versions.isEmpty() ? Map.of() : new EnumMap<>(versions);
  }

  public boolean serves(ApiKeys key, short version) {
    Versions served = versions.get(key);
    return served != null && served.contains(version);
  }

  public @Nullable Versions versions(ApiKeys key) {
    return versions.get(key);
  }
}
