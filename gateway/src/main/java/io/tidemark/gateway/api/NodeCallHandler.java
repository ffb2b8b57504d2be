package io.tidemark.gateway.api;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.ManifestCommit;
import io.tidemark.metadata.link.ControllerCall;
import io.tidemark.metadata.link.ControllerCalls;
import io.tidemark.metadata.link.ControllerReply;
import io.tidemark.metadata.link.LinkCodec;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.EnvelopeRequest;
import org.jspecify.annotations.Nullable;

/**
 * What nodes ask of the controller beyond Kafka's messages, in envelopes. A refused call is
 * answered with Kafka's error code in the envelope and the reason inside it.
 */
final class NodeCallHandler implements ApiHandler {
  private final ControllerCalls calls;
  private final Supplier<Optional<HostPort>> leader;
  private final Speakers speakers;

  /**
   * @param leader where who leads the quorum is asked, told to those who ask here in vain
   */
  NodeCallHandler(ControllerCalls calls, Supplier<Optional<HostPort>> leader, Speakers speakers) {
    this.calls = calls;
    this.leader = leader;
    this.speakers = speakers;
  }

  @Override
  public void handle(Request request, Responder responder) {
    ControllerCall call;
    try {
      call = LinkCodec.decodeCall(((EnvelopeRequest) request.body()).requestData());
      requireSpeaker(call, request);
    } catch (RuntimeException e) {
      responder.respond(answer(null, e));
      return;
    }
    calls.answer(call).whenComplete((reply, failure) -> responder.respond(answer(reply, failure)));
  }

  /** A manifest is committed by the leader's node alone, whoever else knows its epochs. */
  private void requireSpeaker(ControllerCall call, Request request) {
    if (call instanceof ControllerCall.CommitManifests(List<ManifestCommit> commits)
        && !commits.stream().allMatch(commit -> speakers.isNode(request, commit.nodeId()))) {
      throw new ClusterAuthorizationException("Only a leader's own node commits its manifests");
    }
  }

  private EnvelopeResponseData answer(
      @Nullable ControllerReply reply, @Nullable Throwable failure) {
    if (reply != null) {
      return new EnvelopeResponseData().setResponseData(LinkCodec.encode(reply));
    }
    ApiError error =
        ProtocolErrors.describe(failure == null ? new IllegalStateException("no reply") : failure);
    return new EnvelopeResponseData()
        .setErrorCode(error.error().code())
        .setResponseData(
            LinkCodec.encode(
                new ControllerReply.Refused(
                    error.messageWithFallback(), leader.get().map(HostPort::toString).orElse(""))));
  }
}
