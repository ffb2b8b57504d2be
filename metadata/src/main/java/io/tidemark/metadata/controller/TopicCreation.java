package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ConfigsImage;
import io.tidemark.metadata.image.PartitionImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** Decides CreateTopics: each topic on its own, each with its configuration in one entry. */
final class TopicCreation {
  private static final int DEFAULT = -1;

  private final Function<ClusterImage, ControllerSettings> settings;
  private final ConfigPolicy policy;
  private final RandomGenerator random;

  TopicCreation(
      Function<ClusterImage, ControllerSettings> settings,
      ConfigPolicy policy,
      RandomGenerator random) {
    this.settings = settings;
    this.policy = policy;
    this.random = random;
  }

  Function<ClusterImage, CreateTopicsResponseData> create(
      Draft draft, CreateTopicsRequestData request) {
    Draft target = request.validateOnly() ? draft.copy() : draft;
    Set<String> doubled = doubledNames(request);
    CreateTopicsResponseData response = new CreateTopicsResponseData();
    int[] room = {settings.apply(draft.image()).maxPartitionsPerRequest()};
    Set<String> answered = new HashSet<>();
    for (CreatableTopic topic : request.topics()) {
      if (answered.add(topic.name())) {
        response
            .topics()
            .add(createOne(target, topic, doubled.contains(topic.name()), room, request));
      }
    }
    return _ -> response;
  }

  private static Set<String> doubledNames(CreateTopicsRequestData request) {
    Set<String> seen = new HashSet<>();
    Set<String> doubled = new HashSet<>();
    for (CreatableTopic topic : request.topics()) {
      if (!seen.add(topic.name())) {
        doubled.add(topic.name());
      }
    }
    return doubled;
  }

  private CreatableTopicResult createOne(
      Draft draft,
      CreatableTopic topic,
      boolean isDoubled,
      int[] room,
      CreateTopicsRequestData request) {
    try {
      if (isDoubled) {
        throw new InvalidRequestException("Duplicate topic name.");
      }
      return create(draft, topic, room, request.validateOnly());
    } catch (ApiException e) {
      ApiError error = ApiError.fromThrowable(e);
      return new CreatableTopicResult()
          .setName(topic.name())
          .setErrorCode(error.error().code())
          .setErrorMessage(error.messageWithFallback());
    }
  }

  private CreatableTopicResult create(
      Draft draft, CreatableTopic topic, int[] room, boolean validateOnly) {
    ClusterImage image = draft.image();
    checkName(topic.name(), image);
    Map<String, String> configs = configs(topic);
    policy.validate(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), configs);
    List<PartitionImage> partitions = partitions(topic, image, room);
    Uuid id = TopicIds.random(random);
    List<Event> events = new ArrayList<>();
    events.add(new Event.TopicCreated(id, topic.name(), partitions));
    if (!configs.isEmpty()) {
      Map<String, @Nullable String> changes = new HashMap<>();
      changes.putAll(configs);
      events.add(new Event.ConfigsChanged(ConfigsImage.topic(topic.name()), changes));
    }
    draft.add(events);
    room[0] -= partitions.size();
    return new CreatableTopicResult()
        .setName(topic.name())
        .setTopicId(validateOnly ? Uuid.ZERO_UUID : id)
        .setNumPartitions(partitions.size())
        .setReplicationFactor((short) partitions.getFirst().replicas().size())
        .setConfigs(policy.effective(configs));
  }

  private static void checkName(String name, ClusterImage image) {
    if (name.equals(Topic.CLUSTER_METADATA_TOPIC_NAME)) {
      throw new TopicAuthorizationException("Authorization failed.");
    }
    if (image.topics().idOf(name).isPresent()) {
      throw new TopicExistsException("Topic '%s' already exists.".formatted(name));
    }
    TopicNames.check(name, image.topics());
  }

  private static Map<String, String> configs(CreatableTopic topic) {
    Map<String, String> configs = new HashMap<>();
    for (CreatableTopicConfig config : topic.configs()) {
      if (config.value() == null) {
        throw new InvalidConfigurationException(
            "Null value not supported for topic configs: " + config.name());
      }
      configs.put(config.name(), config.value());
    }
    return Collections.unmodifiableMap(configs);
  }

  private List<PartitionImage> partitions(CreatableTopic topic, ClusterImage image, int[] room) {
    ControllerSettings now = settings.apply(image);
    ReplicaPlacement placement = new ReplicaPlacement(image, random);
    if (!topic.assignments().isEmpty()) {
      checkManual(topic);
      checkCount(topic.assignments().size(), room, now);
      return ReplicaAssignments.ofTopic(topic.assignments(), image).stream()
          .map(placement::created)
          .toList();
    }
    int count = partitionCount(topic, now);
    checkCount(count, room, now);
    return placement.place(count, replicationFactor(topic, image, now));
  }

  private static void checkManual(CreatableTopic topic) {
    if (topic.replicationFactor() != DEFAULT) {
      throw new InvalidRequestException(
          "A manual partition assignment was specified, but replication factor was not set to -1.");
    }
    if (topic.numPartitions() != DEFAULT) {
      throw new InvalidRequestException(
          "A manual partition assignment was specified, but numPartitions was not set to -1.");
    }
  }

  private static int partitionCount(CreatableTopic topic, ControllerSettings settings) {
    if (topic.numPartitions() == DEFAULT) {
      return settings.defaultPartitions();
    }
    if (topic.numPartitions() < 1) {
      throw new InvalidPartitionsException(
          "Number of partitions was set to an invalid non-positive value.");
    }
    return topic.numPartitions();
  }

  private static void checkCount(int count, int[] room, ControllerSettings settings) {
    if (count > settings.maxPartitionsPerTopic()) {
      throw new InvalidPartitionsException(
          "A topic may have at most %d partitions, not %d."
              .formatted(settings.maxPartitionsPerTopic(), count));
    }
    if (count > room[0]) {
      throw new PolicyViolationException(
          "Excessively large number of partitions per request: at most %d may be created at once."
              .formatted(settings.maxPartitionsPerRequest()));
    }
  }

  private static int replicationFactor(
      CreatableTopic topic, ClusterImage image, ControllerSettings settings) {
    if (topic.replicationFactor() == DEFAULT) {
      return settings.defaultReplicationFactor() == DEFAULT
          ? Math.clamp(ReplicaPlacement.candidates(image).size(), 1, 3)
          : settings.defaultReplicationFactor();
    }
    if (topic.replicationFactor() < 1) {
      throw new InvalidReplicationFactorException(
          "Replication factor was set to an invalid non-positive value.");
    }
    return topic.replicationFactor();
  }
}
