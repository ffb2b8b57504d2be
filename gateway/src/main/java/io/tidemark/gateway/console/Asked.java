package io.tidemark.gateway.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One question to some nodes at once, each with a message of its own: who answered what, and who
 * did not.
 */
record Asked<A extends ApiMessage>(Map<Integer, A> answers, Set<Integer> unanswered) {

  /** Waits for all of them. A node that fails is among the unanswered. */
  static <A extends ApiMessage> Asked<A> each(
      NodeAnswers nodes, ApiKeys key, Map<Integer, ? extends ApiMessage> requests, Class<A> kind) {
    Map<Integer, CompletableFuture<ApiMessage>> asked = new LinkedHashMap<>();
    requests.forEach((node, request) -> asked.put(node, nodes.ask(node, key, request)));
    Map<Integer, A> answers = new LinkedHashMap<>();
    Set<Integer> unanswered = new TreeSet<>();
    asked.forEach((node, answer) -> {
      try {
        answers.put(node, kind.cast(answer.join()));
      } catch (CompletionException e) {
        unanswered.add(node); // the reason is that node's to tell
      }
    });
    return new Asked<>(answers, unanswered);
  }

  /** The same message to all. */
  static <A extends ApiMessage> Asked<A> all(
      NodeAnswers nodes, ApiKeys key, Iterable<Integer> ids, ApiMessage request, Class<A> kind) {
    Map<Integer, ApiMessage> requests = new LinkedHashMap<>();
    ids.forEach(id -> requests.put(id, request));
    return each(nodes, key, requests, kind);
  }

  void forEach(BiConsumer<Integer, A> action) {
    answers.forEach(action);
  }
}
