package io.tidemark.gateway.forward;

import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.Dispatcher;
import io.tidemark.gateway.net.Enveloped;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.net.ResponseBytes;
import io.tidemark.gateway.security.acl.Authoriser;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.EnvelopeRequest;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Envelope, from gateways: answers what is inside as if its client had asked here, with that
 * client's rights. On the listener of nodes only, and behind a guard that wants CLUSTER_ACTION of
 * the gateway itself.
 */
public final class EnvelopeHandler implements ApiHandler {
  private static final Logger log = LoggerFactory.getLogger(EnvelopeHandler.class);

  private final String interNodeListener;
  private final Predicate<Request> isOfNode;
  private final Authoriser authoriser;
  private final Supplier<ApiTable> apis;

  /**
   * @param interNodeListener the only listener where envelopes are opened
   * @param isOfNode whether a node has sent it: anybody else may not speak for others, whatever
   *     rights it has
   * @param apis what may be inside, behind their guards
   */
  public EnvelopeHandler(
      String interNodeListener,
      Predicate<Request> isOfNode,
      Authoriser authoriser,
      Supplier<ApiTable> apis) {
    this.interNodeListener = interNodeListener;
    this.isOfNode = isOfNode;
    this.authoriser = authoriser;
    this.apis = apis;
  }

  @Override
  public void handle(Request request, Responder responder) {
    if (!request.listenerName().equals(interNodeListener)) {
      responder.close("Envelope is not served on " + request.listenerName());
      return;
    }
    if (!isOfNode.test(request)) {
      refuse(Errors.CLUSTER_AUTHORIZATION_FAILED, responder);
      return;
    }
    EnvelopeRequest envelope = (EnvelopeRequest) request.body();
    KafkaPrincipal principal;
    try {
      principal = Principals.decode(envelope.requestPrincipal());
    } catch (RuntimeException e) {
      refuse(Errors.PRINCIPAL_DESERIALIZATION_FAILURE, responder);
      return;
    }
    ApiTable table = apis.get();
    Enveloped client;
    try {
      InetAddress address = InetAddress.getByAddress(envelope.clientAddress());
      client =
          Enveloped.open(
              request,
              envelope.requestData(),
              table.served(),
              authoriser.access(principal, address),
              address);
    } catch (UnknownHostException | InvalidRequestException e) {
      log.debug("An envelope was refused: {}", e.getMessage());
      refuse(Errors.INVALID_REQUEST, responder);
      return;
    }
    if (isPassedOn(client.apiKey())) {
      new Dispatcher(table).handle(client, new IntoEnvelope(client, responder));
    } else {
      refuse(Errors.INVALID_REQUEST, responder);
    }
  }

  /**
   * What is between a client and the node it is connected to is not, tokens among it: who may have
   * one depends on how the client has come.
   */
  private static boolean isPassedOn(ApiKeys key) {
    return switch (key) {
      case ENVELOPE,
          API_VERSIONS,
          SASL_HANDSHAKE,
          SASL_AUTHENTICATE,
          CREATE_DELEGATION_TOKEN,
          RENEW_DELEGATION_TOKEN,
          EXPIRE_DELEGATION_TOKEN,
          DESCRIBE_DELEGATION_TOKEN ->
          false;
      default -> true;
    };
  }

  private static void refuse(Errors error, Responder responder) {
    responder.respond(new EnvelopeResponseData().setErrorCode(error.code()));
  }

  /** Answers in the envelope's answer; that there is no answer is said with an empty one. */
  private record IntoEnvelope(Request client, Responder responder) implements Responder {

    @Override
    public void respond(ApiMessage body) {
      responder.respond(
          new EnvelopeResponseData().setResponseData(ResponseBytes.of(client.header(), body)));
    }

    @Override
    public void noResponse() {
      responder.respond(new EnvelopeResponseData());
    }

    @Override
    public void close(String why) {
      log.debug("A request in an envelope would have closed its connection: {}", why);
      refuse(Errors.INVALID_REQUEST, responder);
    }

    @Override
    public void appended() {
      responder.appended();
    }
  }
}
