package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.requests.ApiError;

/** Decides CreatePartitions: each topic on its own. */
final class PartitionAddition {
  private final ControllerSettings settings;
  private final RandomGenerator random;

  PartitionAddition(ControllerSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  Function<ClusterImage, CreatePartitionsResponseData> add(
      Draft draft, CreatePartitionsRequestData request) {
    Draft target = request.validateOnly() ? draft.copy() : draft;
    Set<String> seen = new HashSet<>();
    Set<String> doubled = new HashSet<>();
    request.topics().stream()
        .map(CreatePartitionsTopic::name)
        .filter(name -> !seen.add(name))
        .forEach(doubled::add);
    CreatePartitionsResponseData response = new CreatePartitionsResponseData();
    int[] room = {settings.maxPartitionsPerRequest()};
    Set<String> answered = new HashSet<>();
    for (CreatePartitionsTopic topic : request.topics()) {
      if (answered.add(topic.name())) {
        response.results().add(addOne(target, topic, doubled.contains(topic.name()), room));
      }
    }
    return _ -> response;
  }

  private CreatePartitionsTopicResult addOne(
      Draft draft, CreatePartitionsTopic topic, boolean isDoubled, int[] room) {
    CreatePartitionsTopicResult result = new CreatePartitionsTopicResult().setName(topic.name());
    try {
      if (isDoubled) {
        throw new InvalidRequestException("Duplicate topic name.");
      }
      add(draft, topic, room);
      return result;
    } catch (ApiException e) {
      ApiError error = ApiError.fromThrowable(e);
      return result.setErrorCode(error.error().code()).setErrorMessage(error.messageWithFallback());
    }
  }

  private void add(Draft draft, CreatePartitionsTopic request, int[] room) {
    TopicImage topic =
        draft
            .image()
            .topics()
            .byName(request.name())
            .orElseThrow(() ->
                new UnknownTopicOrPartitionException(
                    "This server does not host this topic-partition."));
    int added = request.count() - topic.partitionCount();
    checkCount(topic, request.count(), added, room);
    List<PartitionImage> partitions = partitions(draft.image(), topic, request, added);
    draft.add(new Event.PartitionsAdded(topic.id(), topic.partitionCount(), partitions));
    room[0] -= added;
  }

  private void checkCount(TopicImage topic, int count, int added, int[] room) {
    if (added == 0) {
      throw new InvalidPartitionsException(
          "Topic already has %d partition(s).".formatted(topic.partitionCount()));
    }
    if (added < 0) {
      throw new InvalidPartitionsException(
          "The topic %s currently has %d partition(s); %d would not be an increase."
              .formatted(topic.name(), topic.partitionCount(), count));
    }
    if (count > settings.maxPartitionsPerTopic()) {
      throw new InvalidPartitionsException(
          "A topic may have at most %d partitions, not %d."
              .formatted(settings.maxPartitionsPerTopic(), count));
    }
    if (added > room[0]) {
      throw new PolicyViolationException(
          "Excessively large number of partitions per request: at most %d may be created at once."
              .formatted(settings.maxPartitionsPerRequest()));
    }
  }

  private List<PartitionImage> partitions(
      ClusterImage image, TopicImage topic, CreatePartitionsTopic request, int added) {
    ReplicaPlacement placement = new ReplicaPlacement(image, random);
    int replicationFactor = topic.partitions().get(0).targetReplicas().size();
    List<CreatePartitionsAssignment> manual = request.assignments();
    if (manual == null) {
      return placement.place(added, replicationFactor);
    }
    if (manual.size() != added) {
      throw new InvalidReplicaAssignmentException(
          "Attempted to add %d additional partition(s), but only %d assignment(s) were specified."
              .formatted(added, manual.size()));
    }
    manual.forEach(
        assignment -> ReplicaAssignments.check(assignment.brokerIds(), replicationFactor, image));
    return manual.stream()
        .map(assignment -> placement.created(List.copyOf(assignment.brokerIds())))
        .toList();
  }
}
