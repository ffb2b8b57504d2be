package io.tidemark.gateway.forward;

import io.tidemark.gateway.config.HostPort;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns where a node and this one do not trust each other: once for each reason, not for each
 * client that would have had a connection. Safe from any thread.
 */
final class Distrust {
  private static final Logger log = LoggerFactory.getLogger(Distrust.class);

  private final Map<HostPort, String> told = new ConcurrentHashMap<>();

  /** Somebody must see to it: trying again does not help. */
  void tell(HostPort address, String why) {
    if (!why.equals(told.put(address, why))) {
      log.warn("{} and this gateway do not trust each other: {}", address, why);
    }
  }

  /** They do now. */
  void over(HostPort address) {
    told.remove(address);
  }
}
