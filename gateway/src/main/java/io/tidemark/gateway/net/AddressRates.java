package io.tidemark.gateway.net;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How fast single addresses connect, of those that have a quota for it. Forgets who could bring all
 * of a window at once again, and past {@link #MAX_KNOWN} who came first. Guarded by its owner.
 */
final class AddressRates {
  static final int MAX_KNOWN = 10_000;

  private final Map<InetAddress, ConnectionRate> rates = new LinkedHashMap<>();
  private AddressQuotas quotas = AddressQuotas.NONE;

  void reconfigure(AddressQuotas next) {
    quotas = next;
  }

  /** How long the next connection of an address has to wait; 0 when it may come now. */
  long waitNs(InetAddress address, long nowNs) {
    int perSecond = quotas.of(address);
    ConnectionRate rate = rates.get(address);
    return perSecond == Integer.MAX_VALUE || rate == null ? 0 : rate.waitNs(perSecond, nowNs);
  }

  /** Counts one that has come. */
  void take(InetAddress address, long nowNs) {
    int perSecond = quotas.of(address);
    if (perSecond == Integer.MAX_VALUE) {
      return;
    }
    if (rates.size() >= MAX_KNOWN && !rates.containsKey(address)) {
      makeRoom(nowNs);
    }
    rates.computeIfAbsent(address, _ -> new ConnectionRate(nowNs)).take(perSecond, nowNs);
  }

  private void makeRoom(long nowNs) {
    rates.values().removeIf(rate -> rate.isIdle(nowNs));
    if (rates.size() >= MAX_KNOWN) {
      Iterator<InetAddress> eldest = rates.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  int known() {
    return rates.size();
  }
}
