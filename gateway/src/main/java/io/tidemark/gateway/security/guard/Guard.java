package io.tidemark.gateway.security.guard;

import io.tidemark.gateway.api.Answers;
import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Stands before the handler of one API. Called on the connection's loop, like a handler; may take
 * parts out of the request, whose data nobody else has.
 */
@FunctionalInterface
interface Guard {

  void handle(Request request, Responder responder, ApiHandler next);

  /** Lets everybody pass: who asks learns nothing that is anybody's. */
  static Guard open() {
    return (request, responder, next) -> next.handle(request, responder);
  }

  static Guard cluster(AclOperation operation) {
    return whole(
        request -> request.access().mayOnCluster(operation), Errors.CLUSTER_AUTHORIZATION_FAILED);
  }

  /** The request is about one group. */
  static <T extends ApiMessage> Guard group(
      AclOperation operation, Class<T> type, Function<T, String> id) {
    return whole(
        request ->
            request.access().mayOnGroup(operation, id.apply(type.cast(request.body().data()))),
        Errors.GROUP_AUTHORIZATION_FAILED);
  }

  /** The request is one transaction's. */
  static <T extends ApiMessage> Guard transaction(
      AclOperation operation, Class<T> type, Function<T, String> id) {
    return whole(
        request ->
            request
                .access()
                .may(
                    operation,
                    ResourceType.TRANSACTIONAL_ID,
                    id.apply(type.cast(request.body().data()))),
        Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
  }

  /** All or nothing. */
  static Guard whole(Predicate<Request> isAllowed, Errors error) {
    return (request, responder, next) -> {
      if (isAllowed.test(request)) {
        next.handle(request, responder);
      } else {
        Answers.failed(error.exception(), request, responder);
      }
    };
  }

  /** First this one, then another. */
  default Guard and(Guard other) {
    return (request, responder, next) ->
        handle(request, responder, (passed, answer) -> other.handle(passed, answer, next));
  }

  /** Removes what must not be seen and returns it. */
  static <T> List<T> takeOut(Iterable<T> items, Predicate<T> isForbidden) {
    List<T> taken = new ArrayList<>();
    Iterator<T> each = items.iterator();
    while (each.hasNext()) {
      T item = each.next();
      if (isForbidden.test(item)) {
        each.remove();
        taken.add(item);
      }
    }
    return taken;
  }

  /** An answer's list and behind it what is said of the forbidden parts. */
  static <T, F> List<T> with(List<T> answered, List<F> forbidden, Function<F, T> refusal) {
    List<T> all = new ArrayList<>(answered);
    forbidden.forEach(part -> all.add(refusal.apply(part)));
    return all;
  }

  /** Passes the request on and amends the answer before it leaves. */
  static <R extends ApiMessage> void amended(
      Request request, Responder responder, ApiHandler next, Class<R> type, Consumer<R> amendment) {
    next.handle(
        request,
        new AmendingResponder(
            responder,
            answer -> {
              if (type.isInstance(answer)) {
                amendment.accept(type.cast(answer));
              }
            }));
  }
}
