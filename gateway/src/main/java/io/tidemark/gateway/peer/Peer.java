package io.tidemark.gateway.peer;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * One lane to another node. Requests leave in the order of the calls and are answered in that
 * order. Safe from any thread; futures complete on the peers' thread and what hangs on them must be
 * short. Closed with its {@link Peers}.
 */
public interface Peer {

  /**
   * Sends a request in the newest version both sides know, connecting first where that is needed.
   * The request must not be changed until it is answered. The future fails with
   *
   * <ul>
   *   <li>{@code BrokerNotAvailableException}: it was certainly not sent. Nobody answers there, or
   *       did a moment ago, or too many requests are under way;
   *   <li>{@code DisconnectException}: it was sent, and the connection ended before its answer;
   *   <li>{@code TimeoutException}: it was sent, and no answer came in time;
   *   <li>{@code UnsupportedVersionException}: the other node does not serve it.
   * </ul>
   *
   * @param timeoutMs from this call on
   */
  CompletableFuture<AbstractResponse> send(ApiKeys key, ApiMessage request, long timeoutMs);
}
