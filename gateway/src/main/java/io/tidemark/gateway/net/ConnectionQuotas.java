package io.tidemark.gateway.net;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many connections there may be and how fast they may come, from the node's configuration.
 *
 * @param node of all listeners together
 * @param byListener of single listeners, by their upper-case name
 * @param maxPerAddress connections of one address ({@code max.connections.per.ip})
 * @param maxByAddress the same for single addresses
 * @param protectedListener the listener whose connections the node's own quota never keeps waiting:
 *     that of other nodes where clients have another; null where all share one
 */
public record ConnectionQuotas(
    Quota node,
    Map<String, Quota> byListener,
    int maxPerAddress,
    Map<String, Integer> maxByAddress,
    @Nullable String protectedListener) {

  public ConnectionQuotas {
    byListener = Map.copyOf(byListener);
    maxByAddress = Map.copyOf(maxByAddress);
  }

  /**
   * What one listener, or the node, takes.
   *
   * @param maxConnections open at a time ({@code max.connections})
   * @param maxPerSecond new ones, averaged over ten seconds ({@code max.connection.creation.rate})
   */
  public record Quota(int maxConnections, int maxPerSecond) {
    public static final Quota NONE = new Quota(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  Quota of(String listener) {
    return byListener.getOrDefault(listener, Quota.NONE);
  }

  boolean isProtected(String listener) {
    return listener.equals(protectedListener);
  }
}
