package io.tidemark.gateway.peer;

import io.tidemark.gateway.config.HostPort;
import java.util.concurrent.CompletableFuture;

/** The way to all other nodes. Safe from any thread; closed by the wiring. */
public interface Peers extends AutoCloseable {

  /**
   * The peer at an address.
   *
   * @param lane a name; peers of the same address and lane are the same
   */
  Peer at(HostPort address, String lane);

  /** Whether anybody listens at an address; never fails. Opens a connection and closes it again. */
  CompletableFuture<Presence> probe(HostPort address);

  /** Ends all connections; what is under way fails. Idempotent. */
  @Override
  void close();
}
