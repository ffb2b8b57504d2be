package io.tidemark.gateway.net;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Time;

/**
 * Counts open connections, in all, by listener and by address, against their quotas (KIP-402,
 * KIP-612). One address too many is refused; past the other quotas new connections wait, as in
 * Kafka, so that a client behind a full node is served when there is room instead of turning in
 * circles.
 *
 * <p>Connections of the protected listener come in past the node's quota; {@link #claimExcess} then
 * tells that another one has to go. Safe from any thread.
 */
final class ConnectionLimits {
  private static final Admission ADMITTED = new Admission.Admitted();
  private static final Admission FULL = new Admission.Full();

  private final Time time;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<InetAddress, Integer> openByAddress = new HashMap<>(); // all guarded by this
  private final Map<String, ListenerCount> listeners = new HashMap<>();
  private final Set<Runnable> waiting = new HashSet<>();
  private final ConnectionRate rate;
  private final AddressRates addressRates = new AddressRates();
  private ConnectionQuotas quotas;
  private int open;
  private int leaving;

  private static final class ListenerCount {
    private final ConnectionRate rate;
    private int open;

    ListenerCount(long nowNs) {
      rate = new ConnectionRate(nowNs);
    }
  }

  ConnectionLimits(ConnectionQuotas quotas, Time time) {
    this.quotas = quotas;
    this.time = time;
    this.rate = new ConnectionRate(time.nanoseconds());
  }

  /** Takes over other quotas; who waits looks again. */
  void reconfigure(ConnectionQuotas next) {
    List<Runnable> told;
    synchronized (this) {
      quotas = next;
      told = takeWaiting();
    }
    told.forEach(Runnable::run);
  }

  /** Takes over how fast single addresses may connect. */
  synchronized void limitAddresses(AddressQuotas next) {
    addressRates.reconfigure(next);
  }

  /** Counts a connection in, or says why not and counts nothing. */
  synchronized Admission admit(String listener, InetAddress address) {
    int maxOfAddress = maxOf(address);
    if (openByAddress.getOrDefault(address, 0) >= maxOfAddress) {
      return new Admission.Refused(
          "max.connections.per.ip is " + maxOfAddress + " for this address");
    }
    long nowNs = time.nanoseconds();
    long addressWaitNs = addressRates.waitNs(address, nowNs);
    if (addressWaitNs > 0) {
      return new Admission.RefusedLater(
          "it connects more often than its connection_creation_rate allows", addressWaitNs);
    }
    ListenerCount count = listeners.computeIfAbsent(listener, name -> new ListenerCount(nowNs));
    ConnectionQuotas.Quota own = quotas.of(listener);
    boolean isProtected = quotas.isProtected(listener);
    if (count.open >= own.maxConnections()
        || (!isProtected && open >= quotas.node().maxConnections())) {
      return FULL;
    }
    long waitNs = count.rate.waitNs(own.maxPerSecond(), nowNs);
    if (!isProtected) {
      waitNs = Math.max(waitNs, rate.waitNs(quotas.node().maxPerSecond(), nowNs));
    }
    if (waitNs > 0) {
      return new Admission.TooFast(waitNs);
    }
    count.rate.take(own.maxPerSecond(), nowNs);
    if (!isProtected) {
      rate.take(quotas.node().maxPerSecond(), nowNs);
    }
    addressRates.take(address, nowNs);
    count.open++;
    open++;
    openByAddress.merge(address, 1, Integer::sum);
    return ADMITTED;
  }

  private int maxOf(InetAddress address) {
    Integer override = quotas.maxByAddress().get(address.getHostAddress());
    return override == null ? quotas.maxPerAddress() : override;
  }

  /** An admitted connection has closed. */
  void leave(String listener, InetAddress address) {
    List<Runnable> told;
    synchronized (this) {
      open--;
      ListenerCount count = listeners.get(listener);
      if (count != null) {
        count.open--;
      }
      openByAddress.computeIfPresent(address, (key, n) -> n == 1 ? null : n - 1);
      told = takeWaiting();
    }
    told.forEach(Runnable::run);
  }

  /** Runs the action once, when a connection has closed or the quotas have changed. */
  synchronized void awaitRoom(Runnable action) {
    waiting.add(action);
  }

  private List<Runnable> takeWaiting() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Runnable> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }

  /**
   * Whether one connection has to go because there are more than the node's quota. If so the caller
   * closes one that {@link #mayBeClosed} and then says {@link #excessLeft}.
   */
  synchronized boolean claimExcess() {
    if (open - leaving <= quotas.node().maxConnections()) {
      return false;
    }
    leaving++;
    return true;
  }

  /** A claimed connection has closed. */
  synchronized void excessLeft() {
    leaving--;
  }

  /** Whether there are more connections than the node's quota. */
  synchronized boolean hasExcess() {
    return open > quotas.node().maxConnections();
  }

  synchronized boolean mayBeClosed(String listener) {
    return !quotas.isProtected(listener);
  }

  /** A number for a connection's name, each once. */
  long nextNumber() {
    return numbers.incrementAndGet();
  }

  synchronized int open() {
    return open;
  }

  synchronized int maxConnections() {
    return quotas.node().maxConnections();
  }
}
