package io.tidemark.metadata.controller;

import io.tidemark.metadata.controller.PartitionElection.Situation;
import io.tidemark.metadata.controller.PartitionElection.Wanted;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.requests.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides AlterPartitionReassignments: each partition on its own. What is asked for is under way
 * until the ISR holds its whole target, see {@link PartitionElection}; that can be at once.
 */
final class ReassignmentControl {
  private static final Logger LOG = LoggerFactory.getLogger(ReassignmentControl.class);

  private final Function<ClusterImage, ControllerSettings> settings;

  ReassignmentControl(Function<ClusterImage, ControllerSettings> settings) {
    this.settings = settings;
  }

  Function<ClusterImage, AlterPartitionReassignmentsResponseData> alter(
      Draft draft, AlterPartitionReassignmentsRequestData request) {
    AlterPartitionReassignmentsResponseData response =
        new AlterPartitionReassignmentsResponseData()
            .setAllowReplicationFactorChange(request.allowReplicationFactorChange());
    for (ReassignableTopic topic : request.topics()) {
      ReassignableTopicResponse answer = new ReassignableTopicResponse().setName(topic.name());
      for (ReassignablePartition partition : topic.partitions()) {
        ApiError error =
            alterOne(draft, topic.name(), partition, request.allowReplicationFactorChange());
        answer
            .partitions()
            .add(
                new ReassignablePartitionResponse()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode(error.error().code())
                    .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null));
      }
      response.responses().add(answer);
    }
    return _ -> response;
  }

  private ApiError alterOne(
      Draft draft, String topicName, ReassignablePartition request, boolean mayChangeFactor) {
    try {
      TopicImage topic = topic(draft.image(), topicName);
      PartitionImage partition = partition(topic, request.partitionIndex());
      List<Integer> target = request.replicas();
      if (target == null) {
        cancel(draft, topic, request.partitionIndex(), partition);
      } else {
        begin(draft, topic, request.partitionIndex(), partition, target, mayChangeFactor);
      }
      return ApiError.NONE;
    } catch (ApiException e) {
      return ApiError.fromThrowable(e);
    }
  }

  private static TopicImage topic(ClusterImage image, String name) {
    return image
        .topics()
        .byName(name)
        .orElseThrow(() ->
            new UnknownTopicOrPartitionException(
                "Unable to find a topic named %s.".formatted(name)));
  }

  private static PartitionImage partition(TopicImage topic, int index) {
    return topic
        .partition(index)
        .orElseThrow(() ->
            new UnknownTopicOrPartitionException(
                "Unable to find partition %s:%d.".formatted(topic.name(), index)));
  }

  private void begin(
      Draft draft,
      TopicImage topic,
      int index,
      PartitionImage partition,
      List<Integer> target,
      boolean mayChangeFactor) {
    ReplicaAssignments.checkTarget(target, partition.replicas(), draft.image());
    int factor = partition.targetReplicas().size();
    if (!mayChangeFactor && target.size() != factor) {
      throw new InvalidReplicationFactorException(
          "The replication factor of partition %s:%d would change from %d to %d."
              .formatted(topic.name(), index, factor, target.size()));
    }
    change(draft, topic, index, partition, ReassignmentPlan.towards(partition, target));
  }

  private void cancel(Draft draft, TopicImage topic, int index, PartitionImage partition) {
    if (!partition.reassignment().isUnderWay()) {
      throw new NoReassignmentInProgressException("No partition reassignment is in progress.");
    }
    ReassignmentPlan plan = ReassignmentPlan.cancelled(partition);
    boolean keepsWhatIsCommitted =
        plan.replicas().stream()
            .anyMatch(id -> partition.isr().contains(id) || partition.elr().contains(id));
    if (!keepsWhatIsCommitted && !rules(draft.image(), topic).uncleanLeaderElection()) {
      throw new InvalidReplicaAssignmentException(
          "Unable to revert partition assignment for %s:%d because it would require an unclean leader election."
              .formatted(topic.name(), index));
    }
    change(draft, topic, index, partition, plan);
  }

  private void change(
      Draft draft, TopicImage topic, int index, PartitionImage partition, ReassignmentPlan plan) {
    ClusterImage image = draft.image();
    Situation situation =
        new Situation(LeadershipControl.active(image), Set.of(), rules(image, topic));
    Wanted wanted = Wanted.reassigned(partition, plan.replicas(), plan.reassignment());
    PartitionElection.change(topic.id(), index, partition, wanted, situation)
        .ifPresent(change -> {
          draft.add(change);
          LOG.info(
              "{}-{} goes from replicas {} to {}, adding {}, removing {}",
              topic.name(),
              index,
              partition.replicas(),
              change.replicas(),
              change.reassignment().adding(),
              change.reassignment().removing());
        });
  }

  private TopicRules rules(ClusterImage image, TopicImage topic) {
    return TopicRules.of(topic.name(), image.configs(), settings.apply(image));
  }
}
