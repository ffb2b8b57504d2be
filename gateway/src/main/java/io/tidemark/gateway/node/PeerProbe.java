package io.tidemark.gateway.node;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.gateway.peer.Presence;
import io.tidemark.metadata.controller.NodeProbe;
import io.tidemark.metadata.image.NodeImage;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks all addresses a node registered whether anybody listens there. */
final class PeerProbe implements NodeProbe {
  private final Peers peers;

  PeerProbe(Peers peers) {
    this.peers = peers;
  }

  @Override
  public CompletableFuture<Boolean> refuses(NodeImage node) {
    List<CompletableFuture<Presence>> probed =
        node.listeners().stream()
            .map(endpoint -> peers.probe(new HostPort(endpoint.host(), endpoint.port())))
            .toList();
    return CompletableFuture.allOf(probed.toArray(CompletableFuture<?>[]::new))
        .thenApply(done ->
            !probed.isEmpty()
                && probed.stream().allMatch(found -> found.join() == Presence.REFUSES));
  }
}
