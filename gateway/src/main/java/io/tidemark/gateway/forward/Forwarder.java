package io.tidemark.gateway.forward;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.net.ClientConnection;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.peer.PeerTransport;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.ImageListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Passes clients' requests on, each client connection over connections of its own. Called on the
 * client connection's loop, where replies are heard too. Closed by the wiring, after the listeners.
 */
public final class Forwarder implements ImageListener, AutoCloseable {
  private final String clientId;
  private final PeerTransport transport;
  private final IntFunction<Optional<HostPort>> addresses;
  private final ForwardMeters meters;
  private final Distrust distrust = new Distrust();

  /** The inner maps, by node, belong to the loops of their connections. */
  private final Map<ClientConnection, Map<Integer, Upstream>> upstreams = new ConcurrentHashMap<>();

  /**
   * @param clientId what nodes see of this gateway
   * @param transport closed with this
   * @param addresses where a node serves other nodes, while it lives
   */
  public Forwarder(
      String clientId,
      PeerTransport transport,
      IntFunction<Optional<HostPort>> addresses,
      ForwardMeters meters) {
    this.clientId = clientId;
    this.transport = transport;
    this.addresses = addresses;
    this.meters = meters;
  }

  /** Passes on what a client asked, or a part of it; the receiver hears once. */
  public void send(int nodeId, Request from, ApiMessage body, Consumer<Reply> receiver) {
    send(nodeId, from.connection(), InnerRequest.of(from, body), receiver);
  }

  void send(int nodeId, ClientConnection client, InnerRequest request, Consumer<Reply> receiver) {
    Optional<HostPort> address = addresses.apply(nodeId);
    if (address.isEmpty()) {
      meters.refused(request.key());
      receiver.accept(new Reply.NotSent("node " + nodeId + " cannot be found"));
      return;
    }
    upstream(client, nodeId, address.get())
        .send(
            request,
            reply -> {
              meters.replied(request.key(), reply);
              receiver.accept(reply);
            });
  }

  private Upstream upstream(ClientConnection client, int nodeId, HostPort address) {
    Map<Integer, Upstream> ofClient = upstreams.get(client);
    if (ofClient == null) {
      ofClient = new HashMap<>();
      upstreams.put(client, ofClient);
      client.onClose(() -> forget(client));
    }
    Upstream known = ofClient.get(nodeId);
    if (known != null && !known.address().equals(address)) {
      known.end("the node has moved");
      known = null;
    }
    return known == null ? open(client, ofClient, nodeId, address) : known;
  }

  private Upstream open(
      ClientConnection client, Map<Integer, Upstream> ofClient, int nodeId, HostPort address) {
    Upstream opened =
        new Upstream(
            address,
            clientId,
            client.loop(),
            distrust,
            () -> {
              ofClient.remove(nodeId);
              meters.closed();
            });
    ofClient.put(nodeId, opened);
    meters.opened();
    transport.connect(address, opened);
    return opened;
  }

  private void forget(ClientConnection client) {
    Map<Integer, Upstream> ofClient = upstreams.remove(client);
    if (ofClient != null) {
      List.copyOf(ofClient.values()).forEach(upstream -> upstream.end("the client is gone"));
    }
  }

  /** Whoever waits for a node that the cluster has given up would wait in vain. */
  @Override
  public void changed(ClusterImage previous, ClusterImage next, ImageDelta delta) {
    if (!delta.changedNodes().isEmpty()) {
      upstreams.forEach((client, ofClient) -> onLoop(client, () -> endGone(ofClient)));
    }
  }

  private void endGone(Map<Integer, Upstream> ofClient) {
    for (Map.Entry<Integer, Upstream> each : new ArrayList<>(ofClient.entrySet())) {
      Optional<HostPort> now = addresses.apply(each.getKey());
      if (now.filter(each.getValue().address()::equals).isEmpty()) {
        each.getValue().end("the cluster has given node " + each.getKey() + " up");
      }
    }
  }

  private static void onLoop(ClientConnection client, Runnable task) {
    try {
      client.loop().execute(task);
    } catch (RejectedExecutionException e) {
      // its loop has ended: the node stops
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
