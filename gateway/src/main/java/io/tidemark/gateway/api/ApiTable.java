package io.tidemark.gateway.api;

import io.tidemark.gateway.net.ServedApis;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Which APIs some listeners of this node serve: for each its range of versions and its handler.
 * What is not in the table is neither advertised nor taken up there. Clients' listeners have one
 * table, those of controllers another ({@link ControllerApis}). Immutable.
 */
public final class ApiTable {

  /**
   * One API, served in versions {@code oldest} to {@code latest}; clients are told they begin at
   * {@code advertised}.
   */
  public record Entry(short advertised, short oldest, short latest, ApiHandler handler) {
    /** Whether clients are told of it at all. */
    boolean isAdvertised() {
      return advertised != HIDDEN;
    }
  }

  private static final short HIDDEN = -1;

  private final Map<ApiKeys, Entry> entries;

  private final ServedApis served;

  private ApiTable(Map<ApiKeys, Entry> entries) {
    this.entries = Collections.unmodifiableMap(entries);
    this.served = served(entries);
  }

  public static Builder builder() {
    return new Builder();
  }

  public Map<ApiKeys, Entry> entries() {
    return entries;
  }

  /** What a listener with this table takes up. */
  public ServedApis served() {
    return served;
  }

  private static ServedApis served(Map<ApiKeys, Entry> entries) {
    Map<ApiKeys, ServedApis.Versions> versions = new EnumMap<>(ApiKeys.class);
    entries.forEach(
        (key, entry) -> versions.put(key, new ServedApis.Versions(entry.oldest, entry.latest)));
    return new ServedApis(versions);
  }

  /** Collects entries; good for one table. */
  public static final class Builder {
    private final Map<ApiKeys, Entry> entries = new EnumMap<>(ApiKeys.class);

    /** Serves versions {@code oldest} to {@code latest} of an API, both included. */
    public Builder serve(ApiKeys key, int oldest, int latest, ApiHandler handler) {
      return serve(key, oldest, oldest, latest, handler);
    }

    /** The same, advertised from an older version on, whose requests close the connection. */
    public Builder serve(ApiKeys key, int advertised, int oldest, int latest, ApiHandler handler) {
      entries.put(key, new Entry((short) advertised, (short) oldest, (short) latest, handler));
      return this;
    }

    /** Serves an API that clients are not told of. */
    public Builder serveHidden(ApiKeys key, int oldest, int latest, ApiHandler handler) {
      return serve(key, HIDDEN, oldest, latest, handler);
    }

    public ApiTable build() {
      return new ApiTable(entries);
    }
  }
}
