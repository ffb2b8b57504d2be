package io.tidemark.metadata.controller;

import io.tidemark.metadata.controller.PartitionElection.Situation;
import io.tidemark.metadata.controller.PartitionElection.Wanted;
import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides ElectLeaders (each partition on its own: the first replica where it is in sync, or
 * anybody who is there) and the way of leaderships back to their first replicas, see {@link
 * LeaderBalance}.
 */
final class ElectionControl {
  private static final Logger LOG = LoggerFactory.getLogger(ElectionControl.class);

  private final Function<ClusterImage, ControllerSettings> settings;

  ElectionControl(Function<ClusterImage, ControllerSettings> settings) {
    this.settings = settings;
  }

  Function<ClusterImage, ElectLeadersResponseData> elect(
      Draft draft, ElectLeadersRequestData request) {
    ElectionType type = type(request.electionType());
    ElectLeadersResponseData response = new ElectLeadersResponseData();
    if (request.topicPartitions() == null) {
      electEverywhere(draft, type, response);
    } else {
      for (TopicPartitions asked : request.topicPartitions()) {
        ReplicaElectionResult results = new ReplicaElectionResult().setTopic(asked.topic());
        asked
            .partitions()
            .forEach(index -> add(results, index, elect(draft, asked.topic(), index, type)));
        response.replicaElectionResults().add(results);
      }
    }
    return _ -> response;
  }

  private static ElectionType type(byte id) {
    try {
      return ElectionType.valueOf(id);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("Unknown election type " + id);
    }
  }

  /** Partitions that have the leader they should have are not named in the answer. */
  private void electEverywhere(Draft draft, ElectionType type, ElectLeadersResponseData response) {
    for (TopicImage topic : draft.image().topics().all()) {
      ReplicaElectionResult results = new ReplicaElectionResult().setTopic(topic.name());
      for (int index = 0; index < topic.partitionCount(); index++) {
        ApiError error = elect(draft, topic.name(), index, type);
        if (error.error() != Errors.ELECTION_NOT_NEEDED) {
          add(results, index, error);
        }
      }
      response.replicaElectionResults().add(results);
    }
  }

  private static void add(ReplicaElectionResult results, int index, ApiError error) {
    results
        .partitionResult()
        .add(
            new PartitionResult()
                .setPartitionId(index)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null));
  }

  private ApiError elect(Draft draft, String topicName, int index, ElectionType type) {
    Optional<TopicImage> topic = draft.image().topics().byName(topicName);
    if (topic.isEmpty()) {
      return new ApiError(
          Errors.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic named " + topicName);
    }
    Optional<PartitionImage> partition = topic.get().partition(index);
    if (partition.isEmpty()) {
      return new ApiError(
          Errors.UNKNOWN_TOPIC_OR_PARTITION,
          "There is no partition %s-%d".formatted(topicName, index));
    }
    return switch (type) {
      case PREFERRED -> electPreferred(draft, topic.get(), index, partition.get());
      case UNCLEAN -> electUncleanly(draft, topic.get(), index, partition.get());
    };
  }

  private ApiError electPreferred(
      Draft draft, TopicImage topic, int index, PartitionImage partition) {
    if (partition.leader() == partition.preferredLeader()) {
      return new ApiError(Errors.ELECTION_NOT_NEEDED);
    }
    Optional<Event.PartitionChanged> change =
        preferred(draft.image(), topic, index, partition)
            .filter(event -> event.leader() == partition.preferredLeader());
    change.ifPresent(draft::add);
    return change.isPresent() ? ApiError.NONE : new ApiError(Errors.PREFERRED_LEADER_NOT_AVAILABLE);
  }

  private Optional<Event.PartitionChanged> preferred(
      ClusterImage image, TopicImage topic, int index, PartitionImage partition) {
    TopicRules rules = TopicRules.of(topic.name(), image.configs(), settings.apply(image));
    return PartitionElection.change(
        topic.id(),
        index,
        partition,
        Wanted.preferred(partition),
        new Situation(LeadershipControl.active(image), Set.of(), rules));
  }

  private ApiError electUncleanly(
      Draft draft, TopicImage topic, int index, PartitionImage partition) {
    if (partition.hasLeader()) {
      return new ApiError(Errors.ELECTION_NOT_NEEDED);
    }
    ClusterImage image = draft.image();
    TopicRules rules = TopicRules.of(topic.name(), image.configs(), settings.apply(image));
    Optional<Event.PartitionChanged> change =
        PartitionElection.change(
            topic.id(),
            index,
            partition,
            Wanted.isr(partition, partition.isr(), partition.recovery()),
            new Situation(
                LeadershipControl.active(image),
                Set.of(),
                new TopicRules(rules.minInsyncReplicas(), true)));
    change.ifPresent(event -> {
      LOG.warn(
          "{}-{} is led by node {}, as somebody asked; it may not have everything that was"
              + " acknowledged",
          topic.name(),
          index,
          event.leader());
      draft.add(event);
    });
    return change.isPresent() ? ApiError.NONE : new ApiError(Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE);
  }

  /** Whether {@link #balance} would change anything. */
  boolean isImbalanced(ClusterImage image) {
    return !LeaderBalance.of(image, settings.apply(image).leaderBalance()).isEmpty();
  }

  /** Gives leaderships back to first replicas that lead too few; answers how many. */
  Function<ClusterImage, Integer> balance(Draft draft) {
    ClusterImage image = draft.image();
    int moved = 0;
    for (LeaderBalance.Move move : LeaderBalance.of(image, settings.apply(image).leaderBalance())) {
      Optional<Event.PartitionChanged> change =
          preferred(image, move.topic(), move.index(), move.partition());
      change.ifPresent(draft::add);
      moved += change.isPresent() ? 1 : 0;
    }
    int count = moved;
    if (count > 0) {
      LOG.info("{} leaderships go back to the first of their replicas", count);
    }
    return _ -> count;
  }
}
