package io.tidemark.gateway.peer;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.security.auth.Login;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Peers above a transport, each with a connection of its own. They stay until all are closed: there
 * are few nodes, and a peer without a connection costs nothing.
 */
public final class ConnectedPeers implements Peers {
  private static final long PROBE_MS = 1_000;

  private record Way(HostPort address, String lane) {}

  private final String clientId;
  private final PeerTransport transport;
  private final ScheduledExecutorService executor;
  private final RandomGenerator random;
  private final @Nullable Login login;
  private final Map<Way, ConnectedPeer> peers = new ConcurrentHashMap<>();

  /** Makes the peers of one node, which need not say who it is. */
  public ConnectedPeers(
      String clientId,
      PeerTransport transport,
      ScheduledExecutorService executor,
      RandomGenerator random) {
    this(clientId, transport, executor, random, null);
  }

  /**
   * Makes the peers of one node.
   *
   * @param clientId what other nodes see in requests, such as {@code node-1}
   * @param transport closed with the peers
   * @param executor runs one task at a time, and their timers
   * @param login what each connection begins with; null where that is nothing
   */
  public ConnectedPeers(
      String clientId,
      PeerTransport transport,
      ScheduledExecutorService executor,
      RandomGenerator random,
      @Nullable Login login) {
    this.clientId = clientId;
    this.transport = transport;
    this.executor = executor;
    this.random = random;
    this.login = login;
  }

  @Override
  public Peer at(HostPort address, String lane) {
    return peers.computeIfAbsent(
        new Way(address, lane),
        way -> new ConnectedPeer(way.address(), clientId, transport, executor, random, login));
  }

  @Override
  public CompletableFuture<Presence> probe(HostPort address) {
    PresenceProbe probe = new PresenceProbe();
    try {
      var _ =
          executor.schedule(
              () -> probe.found.complete(Presence.UNKNOWN), PROBE_MS, TimeUnit.MILLISECONDS);
      transport.knock(address, probe);
    } catch (RejectedExecutionException e) {
      probe.found.complete(Presence.UNKNOWN); // this node stops
    }
    return probe.found;
  }

  @Override
  public void close() {
    peers.values().forEach(ConnectedPeer::close);
    transport.close();
  }
}
