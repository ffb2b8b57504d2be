package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.Role;
import io.tidemark.gateway.peer.PeerSecurity;
import io.tidemark.gateway.peer.PeerTransport;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.QuorumTls;
import io.tidemark.tiering.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Backends whose voter is opened on a thread of its own, begun before it is asked for: it takes a
 * node's first start as long as its sockets and metrics do, and neither needs the other. Only the
 * voter that is alone comes early: one among several could be elected while nobody can reach the
 * controller beside it yet.
 *
 * <p>Whoever asks for the voter closes it; closing this closes one that nobody asked for. Used by
 * the thread that starts the node.
 */
final class EarlyVoter implements NodeBackends, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EarlyVoter.class);

  private final NodeBackends backends;

  /** Null once it was taken, or where the voter is opened when it is asked for. */
  private @Nullable FutureTask<Quorum> opening;

  private EarlyVoter(NodeBackends backends, @Nullable FutureTask<Quorum> opening) {
    this.backends = backends;
    this.opening = opening;
  }

  /** Begins to open the voter, if it is one that may come early; its folder is to be locked. */
  static EarlyVoter begin(NodeConfig config, NodePorts ports, NodeBackends backends) {
    if (!mayComeEarly(config)) {
      return new EarlyVoter(backends, null);
    }
    FutureTask<Quorum> opening =
        new FutureTask<>(() -> backends.openQuorum(config, ports, Optional.empty()));
    ports.virtualThreads("voter").newThread(opening).start();
    return new EarlyVoter(backends, opening);
  }

  /** What voters encrypt with is made together with the sockets. */
  private static boolean mayComeEarly(NodeConfig config) {
    return config.roles().contains(Role.CONTROLLER)
        && config.quorumVoters().size() == 1
        && config.controllerListener().isEmpty();
  }

  @Override
  public Quorum openQuorum(NodeConfig config, NodePorts ports, Optional<QuorumTls> tls)
      throws IOException {
    FutureTask<Quorum> begun = opening;
    if (begun == null) {
      return backends.openQuorum(config, ports, tls);
    }
    opening = null;
    try {
      return begun.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("The voter did not open", e.getCause());
    } catch (InterruptedException e) {
      opening = begun;
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the voter opens", e);
    }
  }

  @Override
  public Peers openPeers(NodeConfig config, NodePorts ports, PeerSecurity security) {
    return backends.openPeers(config, ports, security);
  }

  @Override
  public PeerTransport openUpstreams(NodeConfig config, NodePorts ports, PeerSecurity security) {
    return backends.openUpstreams(config, ports, security);
  }

  @Override
  public @Nullable ObjectStore openStore(NodeConfig config, NodePorts ports, MeterRegistry meters) {
    return backends.openStore(config, ports, meters);
  }

  @Override
  public void close() {
    FutureTask<Quorum> begun = opening;
    opening = null;
    if (begun == null) {
      return;
    }
    try {
      begun.get().close();
    } catch (ExecutionException e) {
      log.info("The voter did not open either: {}", String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      log.warn("Interrupted while the voter opens; it stays open");
      Thread.currentThread().interrupt();
    }
  }
}
