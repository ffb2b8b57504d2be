package io.tidemark.gateway.fetch;

import io.tidemark.gateway.forward.Forwarder;
import io.tidemark.gateway.net.ClientConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What clients of a gateway fetch from leaders: for each client connection and leader one fetch at
 * a time. Called on the client connection's loop.
 */
final class LeaderReads {
  private final Forwarder forwarder;

  /** The inner maps, by leader, belong to the loops of their connections. */
  private final Map<ClientConnection, Map<Integer, LeaderFetch>> fetches =
      new ConcurrentHashMap<>();

  LeaderReads(Forwarder forwarder) {
    this.forwarder = forwarder;
  }

  /** What the leader has answered about where the client stands; null while it is being asked. */
  LeaderFetch.@Nullable Arrived look(
      int leader, FetchedPartition partition, FetchParameters fetch) {
    return of(fetch.from().connection())
        .computeIfAbsent(leader, node -> new LeaderFetch(node, forwarder))
        .look(partition, fetch);
  }

  private Map<Integer, LeaderFetch> of(ClientConnection client) {
    Map<Integer, LeaderFetch> known = fetches.get(client);
    if (known == null) {
      known = new HashMap<>();
      fetches.put(client, known);
      client.onClose(() -> fetches.remove(client));
    }
    return known;
  }
}
