package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.tiering.store.ObjectStore;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a node stands on outside its machine: the metadata quorum, the object store and the other
 * nodes. Real in a process ({@link RealBackends}), models in tests. What is opened here is closed
 * by the node.
 */
public interface NodeBackends {

  /** Opens this node's voter; waits for its folder, not for other voters. */
  Quorum openQuorum(NodeConfig config, NodePorts ports) throws IOException;

  /** The way to other nodes; connects to nobody yet. */
  Peers openPeers(NodeConfig config, NodePorts ports);

  /** Opens the store, which is asked nothing yet; null where none is configured. */
  @Nullable ObjectStore openStore(NodeConfig config, NodePorts ports, MeterRegistry meters);
}
