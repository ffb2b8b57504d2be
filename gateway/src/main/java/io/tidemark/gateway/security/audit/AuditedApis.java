package io.tidemark.gateway.security.audit;

import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.metrics.ResponseErrors;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Stands before the guards and tells what they refused and what handlers changed, from the answers
 * that leave. Who is not held back by rules and changes nothing passes as if it were not there.
 */
public final class AuditedApis {
  private static final Set<Errors> REFUSALS =
      EnumSet.of(
          Errors.TOPIC_AUTHORIZATION_FAILED,
          Errors.GROUP_AUTHORIZATION_FAILED,
          Errors.CLUSTER_AUTHORIZATION_FAILED,
          Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
          Errors.DELEGATION_TOKEN_AUTHORIZATION_FAILED);

  private final Audit audit;

  public AuditedApis(Audit audit) {
    this.audit = audit;
  }

  /** The same APIs, each with somebody who tells; the table itself where nobody listens. */
  public ApiTable around(ApiTable table) {
    if (!audit.isOn()) {
      return table;
    }
    ApiTable.Builder audited = ApiTable.builder();
    table
        .entries()
        .forEach((key, entry) ->
            audited.serve(
                key, entry.advertised(), entry.oldest(), entry.latest(), around(entry.handler())));
    return audited.build();
  }

  private ApiHandler around(ApiHandler handler) {
    return (request, responder) -> {
      boolean changes = Changes.mayCome(request.apiKey());
      if (request.access().isUnlimited() && !changes) {
        handler.handle(request, responder);
        return;
      }
      NotedRequest noted = new NotedRequest(request);
      Changes.Asked asked =
          changes ? Changes.asked(request.apiKey(), request.body().data()) : Changes.NOTHING;
      handler.handle(noted, new WatchingResponder(responder, answer -> tell(noted, asked, answer)));
    };
  }

  private void tell(NotedRequest request, Changes.Asked asked, ApiMessage answer) {
    AuditEvent.Who who = who(request);
    Set<Errors> errors = EnumSet.noneOf(Errors.class);
    ResponseErrors.visit(answer, (error, count) -> errors.add(error));
    errors.retainAll(REFUSALS);
    for (Errors error : errors) {
      audit.tell(new AuditEvent.Denial(who, request.apiKey(), error, request.denied()));
    }
    for (Changes.Changed changed : asked.answered(answer)) {
      if (!REFUSALS.contains(changed.error())) {
        audit.tell(
            new AuditEvent.Change(
                who,
                request.apiKey(),
                changed.type(),
                changed.name(),
                changed.detail(),
                changed.error()));
      }
    }
  }

  private static AuditEvent.Who who(Request request) {
    String clientId = request.header().clientId();
    return new AuditEvent.Who(
        request.principal(),
        request.clientAddress(),
        request.listenerName(),
        clientId == null ? "" : clientId);
  }

  /** Looks at the answer as it leaves. */
  private record WatchingResponder(Responder responder, Consumer<ApiMessage> watcher)
      implements Responder {

    @Override
    public void respond(ApiMessage body) {
      watcher.accept(body);
      responder.respond(body);
    }

    @Override
    public void noResponse() {
      responder.noResponse();
    }

    @Override
    public void close(String why) {
      responder.close(why);
    }

    @Override
    public void appended() {
      responder.appended();
    }
  }
}
