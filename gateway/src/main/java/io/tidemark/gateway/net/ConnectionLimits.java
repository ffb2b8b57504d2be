package io.tidemark.gateway.net;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts open connections, in all and by address, against their limits. Safe from any thread. */
final class ConnectionLimits {
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong numbers = new AtomicLong();
  private final Map<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();
  private volatile ConnectionSettings settings;

  ConnectionLimits(ConnectionSettings settings) {
    this.settings = settings;
  }

  void reconfigure(ConnectionSettings next) {
    settings = next;
  }

  /** Counts a connection in and returns null, or says which limit forbids it and counts nothing. */
  @Nullable String admit(InetAddress address) {
    ConnectionSettings limits = settings;
    if (open.incrementAndGet() > limits.maxConnections()) {
      open.decrementAndGet();
      return "max.connections is " + limits.maxConnections();
    }
    int limit = limitOf(address, limits);
    int count = openByAddress.merge(address, 1, Integer::sum);
    if (count > limit) {
      leave(address);
      return "max.connections.per.ip is " + limit + " for this address";
    }
    return null;
  }

  private static int limitOf(InetAddress address, ConnectionSettings limits) {
    Integer override = limits.maxConnectionsPerIpOverrides().get(address.getHostAddress());
    return override == null ? limits.maxConnectionsPerIp() : override;
  }

  /** An admitted connection has closed. */
  void leave(InetAddress address) {
    open.decrementAndGet();
    openByAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  /** A number for a connection's name, each once. */
  long nextNumber() {
    return numbers.incrementAndGet();
  }

  int open() {
    return open.get();
  }
}
