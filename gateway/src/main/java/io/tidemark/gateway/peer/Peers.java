package io.tidemark.gateway.peer;

import io.tidemark.gateway.config.HostPort;

/** The way to all other nodes. Safe from any thread; closed by the wiring. */
public interface Peers extends AutoCloseable {

  /**
   * The peer at an address.
   *
   * @param lane a name; peers of the same address and lane are the same
   */
  Peer at(HostPort address, String lane);

  /** Ends all connections; what is under way fails. Idempotent. */
  @Override
  void close();
}
