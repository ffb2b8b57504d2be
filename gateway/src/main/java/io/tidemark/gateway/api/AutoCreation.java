package io.tidemark.gateway.api;

import io.tidemark.metadata.controller.Controller;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;

/**
 * Topics that come into being because somebody needs them: those a client names in Metadata, and
 * the internal topic of committed offsets. A topic is asked for once at a time, and no more than
 * {@link #MAX_PENDING} of them; what is over that is told to clients as unknown, which makes them
 * ask again. Safe from any thread.
 */
public final class AutoCreation {
  private static final int MAX_PENDING = 100;
  private static final long WAIT_MS = 2_000;
  private static final int CONTROLLER_TIMEOUT_MS = 30_000;
  private static final int BY_DEFAULT = -1;

  private final Controller controller;
  private final boolean isAllowed;
  private final OffsetsTopic offsetsTopic;
  private final Set<String> pending = ConcurrentHashMap.newKeySet();

  /** How {@code __consumer_offsets} is made: {@code offsets.topic.*}. */
  public record OffsetsTopic(int partitions, short replicationFactor, int segmentBytes) {}

  /**
   * @param controller answers when this node has what it created
   * @param isAllowed {@code auto.create.topics.enable}
   */
  public AutoCreation(Controller controller, boolean isAllowed, OffsetsTopic offsetsTopic) {
    this.controller = controller;
    this.isAllowed = isAllowed;
    this.offsetsTopic = offsetsTopic;
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

  /** Asks for the topic of committed offsets, which no setting forbids. */
  public CompletableFuture<?> createOffsetsTopic(ScheduledExecutorService timer) {
    return create(List.of(Topic.GROUP_METADATA_TOPIC_NAME), timer);
  }

  private CreatableTopic topic(String name) {
    return name.equals(Topic.GROUP_METADATA_TOPIC_NAME) ? offsetsTopic() : userTopic(name);
  }

  private static CreatableTopic userTopic(String name) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(BY_DEFAULT)
        .setReplicationFactor((short) BY_DEFAULT);
  }

  private CreatableTopic offsetsTopic() {
    CreatableTopic topic =
        new CreatableTopic()
            .setName(Topic.GROUP_METADATA_TOPIC_NAME)
            .setNumPartitions(offsetsTopic.partitions)
            .setReplicationFactor(offsetsTopic.replicationFactor);
    topic.configs().add(config("cleanup.policy", "compact"));
    topic.configs().add(config("compression.type", "producer"));
    topic.configs().add(config("segment.bytes", Integer.toString(offsetsTopic.segmentBytes)));
    return topic;
  }

  private static CreatableTopicConfig config(String name, String value) {
    return new CreatableTopicConfig().setName(name).setValue(value);
  }

  private static boolean isValid(String name) {
    try {
      Topic.validate(name);
      return !name.equals(Topic.TRANSACTION_STATE_TOPIC_NAME);
    } catch (InvalidTopicException e) {
      return false;
    }
  }
}
