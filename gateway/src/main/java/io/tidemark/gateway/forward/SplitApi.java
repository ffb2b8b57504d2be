package io.tidemark.gateway.forward;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * How requests of one API are taken apart for several nodes, and their answers put together. Pure.
 *
 * @param <K> what a node answers for: a partition, a group
 * @param <Q> the request
 * @param <A> the answer
 * @param parts what is asked for, in the request's order
 * @param only a copy that asks for some parts alone
 * @param join adds what another node answered to the first one's answer
 * @param whenNotSent what the client is told of parts whose node was sent nothing
 * @param whenLost what it is told of parts whose answer is lost; NONE where its connection must end
 *     instead
 */
record SplitApi<K, Q extends ApiMessage, A extends ApiMessage>(
    Class<Q> requestType,
    Class<A> answerType,
    Function<Q, List<K>> parts,
    BiFunction<Q, Predicate<K>, Q> only,
    BiConsumer<A, A> join,
    Errors whenNotSent,
    Errors whenLost) {

  /** A list of its own of what two nodes have answered. */
  static <T> List<T> both(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
