package io.tidemark.gateway.transaction;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.Peers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractResponse;

/** The way to other nodes by their ids, over one lane. Safe from any thread. */
public final class OtherNodes {
  private final int nodeId;
  private final Optional<Peers> peers;
  private final IntFunction<Optional<HostPort>> addresses;
  private final String lane;
  private final long timeoutMs;

  /**
   * @param peers empty where there are no other nodes
   * @param addresses where a node serves others, while it lives
   */
  public OtherNodes(
      int nodeId,
      Optional<Peers> peers,
      IntFunction<Optional<HostPort>> addresses,
      String lane,
      long timeoutMs) {
    this.nodeId = nodeId;
    this.peers = peers;
    this.addresses = addresses;
    this.lane = lane;
    this.timeoutMs = timeoutMs;
  }

  public boolean isSelf(int node) {
    return node == nodeId;
  }

  /** As {@link io.tidemark.gateway.peer.Peer#send}; fails where the node cannot be found either. */
  public CompletableFuture<AbstractResponse> send(int node, ApiKeys key, ApiMessage request) {
    Optional<HostPort> address = addresses.apply(node);
    if (peers.isEmpty() || address.isEmpty()) {
      return CompletableFuture.failedFuture(
          new BrokerNotAvailableException("Node " + node + " cannot be found"));
    }
    return peers.get().at(address.get(), lane).send(key, request, timeoutMs);
  }
}
