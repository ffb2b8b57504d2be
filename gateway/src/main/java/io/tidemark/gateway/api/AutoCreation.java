package io.tidemark.gateway.api;

import io.tidemark.metadata.controller.Controller;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;

/**
 * Topics that come into being because somebody needs them: those a client names in Metadata, and
 * the internal topics of committed offsets and of transactions. A topic is asked for once at a
 * time, and no more than {@link #MAX_PENDING} of them; what is over that is told to clients as
 * unknown, which makes them ask again. Safe from any thread.
 */
public final class AutoCreation {
  private static final int MAX_PENDING = 100;
  private static final long WAIT_MS = 2_000;
  private static final int CONTROLLER_TIMEOUT_MS = 30_000;
  private static final int BY_DEFAULT = -1;

  private final Controller controller;
  private final boolean isAllowed;
  private final Map<String, InternalTopic> internalTopics;
  private final Set<String> pending = ConcurrentHashMap.newKeySet();

  /**
   * How an internal topic is made: {@code offsets.topic.*}, {@code transaction.state.log.*}.
   *
   * @param minInsyncReplicas empty where the topic has no setting of its own
   */
  public record InternalTopic(
      String name,
      int partitions,
      short replicationFactor,
      int segmentBytes,
      OptionalInt minInsyncReplicas) {}

  /**
   * @param controller answers when this node has what it created
   * @param isAllowed {@code auto.create.topics.enable}
   */
  public AutoCreation(
      Controller controller, boolean isAllowed, Collection<InternalTopic> internalTopics) {
    this.controller = controller;
    this.isAllowed = isAllowed;
    this.internalTopics =
        internalTopics.stream()
            .collect(Collectors.toUnmodifiableMap(InternalTopic::name, Function.identity()));
  }

  /** Whether clients may have topics created by naming them. */
  public boolean isAllowed() {
    return isAllowed;
  }

  /** Asks for topics and waits for them a moment; what the caller then finds, it finds. */
  public CompletableFuture<?> create(Collection<String> names, ScheduledExecutorService timer) {
    List<CreatableTopic> topics =
        names.stream()
            .filter(AutoCreation::isValid)
            .filter(name -> pending.size() < MAX_PENDING && pending.add(name))
            .map(this::topic)
            .toList();
    if (topics.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    CreateTopicsRequestData request =
        new CreateTopicsRequestData().setTimeoutMs(CONTROLLER_TIMEOUT_MS);
    topics.forEach(request.topics()::add);
    CompletableFuture<?> created =
        controller
            .createTopics(request)
            .whenComplete((done, failure) -> topics.forEach(topic -> pending.remove(topic.name())));
    return Futures.within(WAIT_MS, timer, created);
  }

  /** Asks for one of the internal topics, which no setting forbids. */
  public CompletableFuture<?> createInternal(String name, ScheduledExecutorService timer) {
    return create(List.of(name), timer);
  }

  private CreatableTopic topic(String name) {
    InternalTopic internal = internalTopics.get(name);
    return internal == null ? userTopic(name) : internalTopic(internal);
  }

  private static CreatableTopic userTopic(String name) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(BY_DEFAULT)
        .setReplicationFactor((short) BY_DEFAULT);
  }

  private static CreatableTopic internalTopic(InternalTopic internal) {
    CreatableTopic topic =
        new CreatableTopic()
            .setName(internal.name)
            .setNumPartitions(internal.partitions)
            .setReplicationFactor(internal.replicationFactor);
    topic.configs().add(config("cleanup.policy", "compact"));
    topic.configs().add(config("compression.type", "producer"));
    topic.configs().add(config("segment.bytes", Integer.toString(internal.segmentBytes)));
    internal.minInsyncReplicas.ifPresent(
        replicas -> topic.configs().add(config("min.insync.replicas", Integer.toString(replicas))));
    return topic;
  }

  private static CreatableTopicConfig config(String name, String value) {
    return new CreatableTopicConfig().setName(name).setValue(value);
  }

  private static boolean isValid(String name) {
    try {
      Topic.validate(name);
      return true;
    } catch (InvalidTopicException e) {
      return false;
    }
  }
}
