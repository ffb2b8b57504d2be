package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.requests.BrokerHeartbeatRequest;

/**
 * BrokerHeartbeat: answered by the controller, which also hears when the connection ends over which
 * a node sends them.
 */
final class HeartbeatHandler implements ApiHandler {
  /** Who sent the newest heartbeat over a connection. */
  private record Sender(int nodeId, long epoch) {}

  private final Controller controller;
  private final ConnectionLoss losses;

  /** By connection; an entry goes with its connection. */
  private final Map<String, Sender> senders = new ConcurrentHashMap<>();

  HeartbeatHandler(Controller controller, ConnectionLoss losses) {
    this.controller = controller;
    this.losses = losses;
  }

  @Override
  public void handle(Request request, Responder responder) {
    BrokerHeartbeatRequestData heartbeat = ((BrokerHeartbeatRequest) request.body()).data();
    String connection = request.connectionId();
    Sender sender = new Sender(heartbeat.brokerId(), heartbeat.brokerEpoch());
    if (senders.put(connection, sender) == null) {
      request.connection().onClose(() -> lost(connection));
    }
    Answers.when(controller.heartbeat(heartbeat), request, responder);
  }

  private void lost(String connection) {
    Sender last = senders.remove(connection);
    if (last != null) {
      losses.lost(last.nodeId(), last.epoch());
    }
  }
}
