package io.tidemark.gateway.node;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.metadata.link.ControllerCall;
import io.tidemark.metadata.link.ControllerReply;
import io.tidemark.metadata.link.ControllerWay;
import io.tidemark.metadata.link.LinkCodec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/**
 * The controller that decides, on another node: the quorum's leader where this node knows it, else
 * one of the known controllers after the other until one does not refuse. A call is sent once; who
 * is asked next is decided by how it ended. Safe from any thread.
 *
 * <pre>
 *   answered                      as it is, and the same node is asked next
 *   NOT_CONTROLLER, never sent    NotControllerException: nothing was done; another is asked next
 *   connection lost, no answer    TimeoutException: nobody knows; another is asked next
 * </pre>
 *
 * A leader that is newly known is asked first, whoever answered before.
 */
final class ControllerLink implements ControllerWay {
  private static final long TIMEOUT_MS = 15_000;

  /** A follower's call waits for a second where there is nothing to tell. */
  private static final long FOLLOW_TIMEOUT_MS = 4_000;

  private static final byte[] NO_ADDRESS = {};

  /** Calls that must not delay each other: each lane is a connection of its own. */
  private enum Lane {
    CONTROLLER,
    HEARTBEATS,
    IMAGE,
    TIER
  }

  /** Which of those that may be asked is; begun anew with each leader. */
  private record Turn(Optional<HostPort> leader, int number) {}

  private final Peers peers;
  private final KnownControllers controllers;
  private final long heartbeatTimeoutMs;
  private final AtomicReference<Turn> turn = new AtomicReference<>(new Turn(Optional.empty(), 0));

  /**
   * @param heartbeatTimeoutMs after which another is asked; well below a session, so that a leader
   *     that fell silent does not cost this node its own
   */
  ControllerLink(Peers peers, KnownControllers controllers, long heartbeatTimeoutMs) {
    this.peers = peers;
    this.controllers = controllers;
    this.heartbeatTimeoutMs = heartbeatTimeoutMs;
  }

  /** Asks the controller; the answer's type is that of the API. */
  <T extends ApiMessage> CompletableFuture<T> ask(ApiKeys key, ApiMessage request, Class<T> type) {
    return key == ApiKeys.BROKER_HEARTBEAT
        ? ask(Lane.HEARTBEATS, heartbeatTimeoutMs, key, request, type)
        : ask(Lane.CONTROLLER, TIMEOUT_MS, key, request, type);
  }

  @Override
  public CompletableFuture<ControllerReply> call(ControllerCall call) {
    EnvelopeRequestData request =
        new EnvelopeRequestData()
            .setRequestData(LinkCodec.encode(call))
            .setClientHostAddress(NO_ADDRESS);
    return switch (call) {
      case ControllerCall.Follow _, ControllerCall.ReadSnapshot _ ->
          call(Lane.IMAGE, FOLLOW_TIMEOUT_MS, request);
      case ControllerCall.CommitManifests _,
          ControllerCall.ReadManifest _,
          ControllerCall.AdvanceLogStarts _ ->
          call(Lane.TIER, TIMEOUT_MS, request);
      case ControllerCall.TopicEmptied _,
          ControllerCall.ReadVersion _,
          ControllerCall.ChangeToken _,
          ControllerCall.TakeMutations _ ->
          call(Lane.CONTROLLER, TIMEOUT_MS, request);
    };
  }

  private CompletableFuture<ControllerReply> call(
      Lane lane, long timeoutMs, EnvelopeRequestData request) {
    return ask(lane, timeoutMs, ApiKeys.ENVELOPE, request, EnvelopeResponseData.class)
        .thenApply(ControllerLink::reply);
  }

  private static ControllerReply reply(EnvelopeResponseData answer) {
    Errors error = Errors.forCode(answer.errorCode());
    if (answer.responseData() == null) {
      throw (error == Errors.NONE ? Errors.UNKNOWN_SERVER_ERROR : error).exception();
    }
    ControllerReply reply = LinkCodec.decodeReply(answer.responseData());
    if (reply instanceof ControllerReply.Refused(String why, String leader)) {
      throw error.exception(why);
    }
    return reply;
  }

  private <T extends ApiMessage> CompletableFuture<T> ask(
      Lane lane, long timeoutMs, ApiKeys key, ApiMessage request, Class<T> type) {
    Optional<HostPort> leads = controllers.leader();
    List<HostPort> known = controllers.inTurn();
    if (known.isEmpty()) {
      return CompletableFuture.failedFuture(
          new NotControllerException("No controller is known that could be asked"));
    }
    Turn mine = turn.updateAndGet(last -> last.leader().equals(leads) ? last : new Turn(leads, 0));
    HostPort address = known.get(Math.floorMod(mine.number(), known.size()));
    return peers
        .at(address, lane.name().toLowerCase(Locale.ROOT))
        .send(key, request, timeoutMs)
        .handle((answer, failure) -> {
          ApiException refused = failure == null ? refusal(answer, address) : failed(failure);
          if (refused != null) {
            turn.compareAndSet(mine, new Turn(leads, mine.number() + 1));
            throw refused;
          }
          return type.cast(answer.data());
        });
  }

  private @Nullable ApiException refusal(AbstractResponse answer, HostPort address) {
    if (!answer.errorCounts().containsKey(Errors.NOT_CONTROLLER)) {
      return null;
    }
    if (answer.data() instanceof EnvelopeResponseData envelope
        && envelope.responseData() != null
        && LinkCodec.decodeReply(envelope.responseData())
            instanceof ControllerReply.Refused(String why, String leader)
        && !leader.isEmpty()) {
      controllers.hint(HostPort.parse(leader));
    }
    return new NotControllerException("The node at " + address + " is not the controller");
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
