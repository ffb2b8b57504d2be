package io.tidemark.gateway.config;

import io.netty.util.internal.PlatformDependent;
import io.tidemark.gateway.net.ConnectionQuotas;
import io.tidemark.gateway.net.ConnectionQuotas.Quota;
import io.tidemark.gateway.net.ConnectionSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes the network's settings of a node's. */
final class ConnectionConfig {
  private static final long MIN_QUEUED_BYTES = 32L << 20;
  private static final int SHARE_OF_MEMORY = 4;

  private ConnectionConfig() {}

  static ConnectionSettings of(NodeConfig node) {
    long idleMs = node.getLong(NetworkKeys.CONNECTIONS_MAX_IDLE_MS);
    return new ConnectionSettings(
        node.getInt(NetworkKeys.SOCKET_REQUEST_MAX_BYTES),
        queuedBytes(node.getLong(NetworkKeys.QUEUED_MAX_REQUEST_BYTES)),
        node.getInt(NetworkKeys.SOCKET_LISTEN_BACKLOG_SIZE),
        node.getInt(NetworkKeys.SOCKET_SEND_BUFFER_BYTES),
        node.getInt(NetworkKeys.SOCKET_RECEIVE_BUFFER_BYTES),
        idleMs < 0 ? Long.MAX_VALUE : idleMs,
        node.getLong(NetworkKeys.REQUEST_RECEIVE_TIMEOUT_MS),
        node.getLong(NetworkKeys.RESPONSE_WRITE_TIMEOUT_MS),
        quotas(node));
  }

  private static ConnectionQuotas quotas(NodeConfig node) {
    List<String> listeners =
        Stream.concat(node.listeners().stream(), node.controllerListeners().stream())
            .map(Endpoint::name)
            .toList();
    Map<String, Quota> byListener = new HashMap<>();
    listeners.forEach(name -> byListener.put(name, quota(node, name)));
    return new ConnectionQuotas(
        new Quota(
            node.getInt(NetworkKeys.MAX_CONNECTIONS),
            node.getInt(NetworkKeys.MAX_CONNECTION_CREATION_RATE)),
        byListener,
        node.getInt(NetworkKeys.MAX_CONNECTIONS_PER_IP),
        overrides(node),
        listeners.size() > 1 ? node.interBrokerListenerName() : null);
  }

  private static Quota quota(NodeConfig node, String listener) {
    return new Quota(
        ListenerKeys.number(node, listener, NetworkKeys.MAX_CONNECTIONS),
        ListenerKeys.number(node, listener, NetworkKeys.MAX_CONNECTION_CREATION_RATE));
  }

  private static long queuedBytes(long configured) {
    return configured >= 0
        ? configured
        : Math.max(MIN_QUEUED_BYTES, PlatformDependent.maxDirectMemory() / SHARE_OF_MEMORY);
  }

  /** By address, as connections are looked up. */
  private static Map<String, Integer> overrides(NodeConfig node) {
    Map<String, Integer> byAddress = new HashMap<>();
    ListenerParser.limits(
            NetworkKeys.MAX_CONNECTIONS_PER_IP_OVERRIDES,
            node.getString(NetworkKeys.MAX_CONNECTIONS_PER_IP_OVERRIDES))
        .forEach((host, limit) -> byAddress.put(address(host), limit));
    return byAddress;
  }

  private static String address(String host) {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      return host; // nobody connects from a name that does not exist
    }
  }
}
