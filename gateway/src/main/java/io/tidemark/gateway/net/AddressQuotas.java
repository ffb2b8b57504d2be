package io.tidemark.gateway.net;

import java.net.InetAddress;
import java.util.Map;

/**
 * How many connections a second single addresses may bring ({@code connection_creation_rate}).
 *
 * @param byAddress of those with a quota of their own
 * @param byDefault of each other
 */
public record AddressQuotas(Map<InetAddress, Integer> byAddress, int byDefault) {
  public static final AddressQuotas NONE = new AddressQuotas(Map.of(), Integer.MAX_VALUE);

  public AddressQuotas {
    byAddress = Map.copyOf(byAddress);
  }

  int of(InetAddress address) {
    return byAddress.getOrDefault(address, byDefault);
  }
}
