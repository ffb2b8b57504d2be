package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.peer.PeerSecurity;
import io.tidemark.gateway.peer.PeerTransport;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.QuorumTls;
import io.tidemark.tiering.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node stands on outside its machine: the metadata quorum, the object store and the other
 * nodes. Real in a process ({@link RealBackends}), models in tests. What is opened here is closed
 * by the node.
 */
public interface NodeBackends {

  /**
   * Opens this node's voter; waits for its folder, not for other voters.
   *
   * @param tls of what voters say to each other; empty where it is not encrypted
   */
  Quorum openQuorum(NodeConfig config, NodePorts ports, Optional<QuorumTls> tls) throws IOException;

  /** The way to other nodes; connects to nobody yet. */
  Peers openPeers(NodeConfig config, NodePorts ports, PeerSecurity security);

  /** The way of a gateway's clients to other nodes; models without gateways have none. */
  default PeerTransport openUpstreams(NodeConfig config, NodePorts ports, PeerSecurity security) {
    throw new UnsupportedOperationException("no gateways here");
  }

  /** Opens the store, which is asked nothing yet; null where none is configured. */
  @Nullable ObjectStore openStore(NodeConfig config, NodePorts ports, MeterRegistry meters);
}
