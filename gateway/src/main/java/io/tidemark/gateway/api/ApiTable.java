package io.tidemark.gateway.api;

import io.tidemark.gateway.net.ServedApis;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Which APIs this node serves: for each its range of versions, its handler, and where. What is not
 * in the table is neither advertised nor taken up. Immutable.
 */
public final class ApiTable {

  /**
   * One API, served in versions {@code oldest} to {@code latest}; clients are told they begin at
   * {@code advertised}.
   */
  public record Entry(short advertised, short oldest, short latest, ApiHandler handler) {}

  private final Map<ApiKeys, Entry> entries;
  private final Set<ApiKeys> interNode;

  private ApiTable(Map<ApiKeys, Entry> entries, Set<ApiKeys> interNode) {
    this.entries = Collections.unmodifiableMap(entries);
    this.interNode = Collections.unmodifiableSet(interNode);
  }

  public static Builder builder() {
    return new Builder();
  }

  public Map<ApiKeys, Entry> entries() {
    return entries;
  }

  public boolean isInterNode(ApiKeys key) {
    return interNode.contains(key);
  }

  /** What a listener takes up. */
  public ServedApis served(boolean isInterNodeListener) {
    Map<ApiKeys, ServedApis.Versions> versions = new EnumMap<>(ApiKeys.class);
    entries.forEach((key, entry) -> {
      if (isInterNodeListener || !isInterNode(key)) {
        versions.put(key, new ServedApis.Versions(entry.oldest, entry.latest));
      }
    });
    return new ServedApis(versions);
  }

  /** Collects entries; good for one table. */
  public static final class Builder {
    private final Map<ApiKeys, Entry> entries = new EnumMap<>(ApiKeys.class);
    private final Set<ApiKeys> interNode = EnumSet.noneOf(ApiKeys.class);

    /** Serves versions {@code oldest} to {@code latest} of an API, both included. */
    public Builder serve(ApiKeys key, int oldest, int latest, ApiHandler handler) {
      return serve(key, oldest, oldest, latest, handler);
    }

    /** The same, advertised from an older version on, whose requests close the connection. */
    public Builder serve(ApiKeys key, int advertised, int oldest, int latest, ApiHandler handler) {
      entries.put(key, new Entry((short) advertised, (short) oldest, (short) latest, handler));
      return this;
    }

    /** Serves an API to other nodes only. */
    public Builder serveNodes(ApiKeys key, int oldest, int latest, ApiHandler handler) {
      interNode.add(key);
      return serve(key, oldest, latest, handler);
    }

    public ApiTable build() {
      return new ApiTable(entries, interNode);
    }
  }
}
