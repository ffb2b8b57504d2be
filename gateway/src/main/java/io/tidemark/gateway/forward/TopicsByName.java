package io.tidemark.gateway.forward;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * Where a kind of request names its partitions: in topics that go by their names. Pure.
 *
 * @param <Q> the request
 * @param <T> one of its topics
 * @param <P> one of the topic's partitions
 */
record TopicsByName<Q, T, P>(
    UnaryOperator<Q> copy,
    Function<Q, ? extends Collection<T>> topics,
    Function<T, String> name,
    Function<T, ? extends Collection<P>> partitions,
    ToIntFunction<P> index) {

  /** Whatever the request asks for. */
  List<PartitionPart> parts(Q request) {
    return topics.apply(request).stream()
        .flatMap(topic -> partitions.apply(topic).stream().map(p -> part(topic, p)))
        .toList();
  }

  /** A copy that asks for some partitions alone. */
  Q only(Q request, Predicate<PartitionPart> isKept) {
    Q less = copy.apply(request);
    topics.apply(less).removeIf(topic -> isEmptied(topic, isKept));
    return less;
  }

  private boolean isEmptied(T topic, Predicate<PartitionPart> isKept) {
    Collection<P> asked = partitions.apply(topic);
    asked.removeIf(p -> !isKept.test(part(topic, p)));
    return asked.isEmpty();
  }

  private PartitionPart part(T topic, P partition) {
    return PartitionPart.named(name.apply(topic), index.applyAsInt(partition));
  }

  /**
   * Adds what another node answered, so that each topic is there once.
   *
   * @param copy a topic of the other answer that may become part of this one
   * @param addPartitions adds the second topic's partitions to the first
   */
  static <T> void join(
      Collection<T> answered,
      Collection<T> more,
      Function<T, String> name,
      UnaryOperator<T> copy,
      BiConsumer<T, T> addPartitions) {
    Map<String, T> known = new HashMap<>();
    answered.forEach(topic -> known.put(name.apply(topic), topic));
    for (T topic : more) {
      T same = known.get(name.apply(topic));
      if (same == null) {
        answered.add(copy.apply(topic));
      } else {
        addPartitions.accept(same, topic);
      }
    }
  }
}
