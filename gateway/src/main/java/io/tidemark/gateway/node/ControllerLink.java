package io.tidemark.gateway.node;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.Peers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/**
 * The controller that decides, on another node: the quorum's leader where this node knows it, else
 * one of the bootstrap controllers after the other until one does not refuse. A call is sent once;
 * who is asked next is decided by how it ended. Safe from any thread.
 *
 * <pre>
 *   answered                      as it is, and the same node is asked next
 *   NOT_CONTROLLER, never sent    NotControllerException: nothing was done; another is asked next
 *   connection lost, no answer    TimeoutException: nobody knows; another is asked next
 * </pre>
 */
final class ControllerLink {
  private static final long TIMEOUT_MS = 15_000;

  /** Nothing else may delay a heartbeat. */
  private static final String HEARTBEATS = "heartbeats";

  private static final String CONTROLLER = "controller";

  private final Peers peers;
  private final Supplier<Optional<HostPort>> leader;
  private final List<HostPort> bootstrap;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * @param leader the address of the quorum's leader, as far as it is known here
   * @param bootstrap {@code controller.quorum.bootstrap.servers}
   */
  ControllerLink(Peers peers, Supplier<Optional<HostPort>> leader, List<HostPort> bootstrap) {
    this.peers = peers;
    this.leader = leader;
    this.bootstrap = List.copyOf(bootstrap);
  }

  /** Asks the controller; the answer's type is that of the API. */
  <T extends ApiMessage> CompletableFuture<T> ask(ApiKeys key, ApiMessage request, Class<T> type) {
    List<HostPort> known = Stream.concat(leader.get().stream(), bootstrap.stream()).toList();
    if (known.isEmpty()) {
      return CompletableFuture.failedFuture(
          new NotControllerException("No controller is known that could be asked"));
    }
    int mine = turn.get();
    HostPort address = known.get(Math.floorMod(mine, known.size()));
    return peers
        .at(address, laneOf(key))
        .send(key, request, TIMEOUT_MS)
        .handle((answer, failure) -> {
          ApiException refused = failure == null ? refusal(answer, address) : failed(failure);
          if (refused != null) {
            turn.compareAndSet(mine, mine + 1);
            throw refused;
          }
          return type.cast(answer.data());
        });
  }

  private static String laneOf(ApiKeys key) {
    return key == ApiKeys.BROKER_HEARTBEAT ? HEARTBEATS : CONTROLLER;
  }

  private static @Nullable ApiException refusal(AbstractResponse answer, HostPort address) {
    return answer.errorCounts().containsKey(Errors.NOT_CONTROLLER)
        ? new NotControllerException("The node at " + address + " is not the controller")
        : null;
  }

  private static ApiException failed(Throwable failure) {
    return switch (failure) {
      case BrokerNotAvailableException e -> new NotControllerException(e.getMessage());
      case DisconnectException e -> new TimeoutException(e.getMessage());
      case ApiException e -> e;
      default -> new TimeoutException(String.valueOf(failure));
    };
  }
}
