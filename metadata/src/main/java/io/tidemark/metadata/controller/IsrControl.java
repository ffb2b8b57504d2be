package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.AlterPartitionResponseData.PartitionData;
import org.apache.kafka.common.message.AlterPartitionResponseData.TopicData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Decides AlterPartition: a leader's new ISR, compared and set by partition epoch. A replica may
 * only join with the epoch its node is registered with now (KIP-841, KIP-903).
 */
final class IsrControl {
  private final Function<ClusterImage, ControllerSettings> settings;

  IsrControl(Function<ClusterImage, ControllerSettings> settings) {
    this.settings = settings;
  }

  Function<ClusterImage, AlterPartitionResponseData> alter(
      Draft draft, AlterPartitionRequestData request) {
    AlterPartitionResponseData response = new AlterPartitionResponseData();
    if (!NodeControl.isCurrent(draft.image(), request.brokerId(), request.brokerEpoch())) {
      response.setErrorCode(Errors.STALE_BROKER_EPOCH.code());
      return _ -> response;
    }
    for (AlterPartitionRequestData.TopicData topic : request.topics()) {
      TopicData answer = new TopicData().setTopicId(topic.topicId());
      topic
          .partitions()
          .forEach(partition ->
              answer.partitions().add(alterOne(draft, request.brokerId(), topic, partition)));
      response.topics().add(answer);
    }
    return _ -> response;
  }

  private PartitionData alterOne(
      Draft draft,
      int nodeId,
      AlterPartitionRequestData.TopicData topicRequest,
      AlterPartitionRequestData.PartitionData request) {
    PartitionData answer = new PartitionData().setPartitionIndex(request.partitionIndex());
    Optional<TopicImage> topic = draft.image().topics().byId(topicRequest.topicId());
    if (topic.isEmpty()) {
      return answer.setErrorCode(Errors.UNKNOWN_TOPIC_ID.code());
    }
    Optional<PartitionImage> partition = topic.get().partition(request.partitionIndex());
    if (partition.isEmpty()) {
      return answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
    Errors error = check(draft.image(), nodeId, partition.get(), request);
    if (error != Errors.NONE) {
      return answer.setErrorCode(error.code());
    }
    change(draft, topic.get(), request, partition.get()).ifPresent(draft::add);
    PartitionImage now =
        draft.image().topics().partition(topic.get().id(), request.partitionIndex()).orElseThrow();
    if (now.leaderEpoch() != partition.get().leaderEpoch()) {
      // It completed a reassignment: the leader, if it still is that, learns so from its image.
      return answer.setErrorCode(Errors.NEW_LEADER_ELECTED.code());
    }
    return answer
        .setLeaderId(now.leader())
        .setLeaderEpoch(now.leaderEpoch())
        .setIsr(now.isr())
        .setLeaderRecoveryState(now.recovery().code())
        .setPartitionEpoch(now.partitionEpoch());
  }

  private Optional<Event.PartitionChanged> change(
      Draft draft,
      TopicImage topic,
      AlterPartitionRequestData.PartitionData request,
      PartitionImage partition) {
    ClusterImage image = draft.image();
    TopicRules rules = TopicRules.of(topic.name(), image.configs(), settings.apply(image));
    return PartitionElection.change(
        topic.id(),
        request.partitionIndex(),
        partition,
        PartitionElection.Wanted.isr(
            partition,
            members(request).stream().map(BrokerState::brokerId).toList(),
            LeaderRecovery.of(request.leaderRecoveryState())),
        new PartitionElection.Situation(LeadershipControl.active(image), Set.of(), rules));
  }

  private static Errors check(
      ClusterImage image,
      int nodeId,
      PartitionImage partition,
      AlterPartitionRequestData.PartitionData request) {
    if (request.leaderEpoch() > partition.leaderEpoch()
        || request.partitionEpoch() > partition.partitionEpoch()) {
      // Only a newer controller can have given those epochs out.
      return Errors.NOT_CONTROLLER;
    }
    if (request.leaderEpoch() < partition.leaderEpoch()) {
      return Errors.FENCED_LEADER_EPOCH;
    }
    if (nodeId != partition.leader()) {
      return Errors.INVALID_REQUEST;
    }
    if (request.partitionEpoch() < partition.partitionEpoch()) {
      return Errors.INVALID_UPDATE_VERSION;
    }
    Errors error = checkMembers(partition, request);
    return error == Errors.NONE ? checkEligible(image, request) : error;
  }

  private static Errors checkMembers(
      PartitionImage partition, AlterPartitionRequestData.PartitionData request) {
    List<Integer> isr = members(request).stream().map(BrokerState::brokerId).toList();
    boolean isValid =
        partition.replicas().containsAll(isr)
            && new HashSet<>(isr).size() == isr.size()
            && isr.contains(partition.leader());
    int recovery = request.leaderRecoveryState();
    boolean isRecoveryValid =
        switch (recovery) {
          case 0 -> true;
          case 1 -> isr.size() == 1 && partition.recovery() == LeaderRecovery.RECOVERING;
          default -> false;
        };
    return isValid && isRecoveryValid ? Errors.NONE : Errors.INVALID_REQUEST;
  }

  private static Errors checkEligible(
      ClusterImage image, AlterPartitionRequestData.PartitionData request) {
    for (BrokerState member : members(request)) {
      boolean isEligible =
          image
              .nodes()
              .get(member.brokerId())
              .filter(NodeImage::isActive)
              .filter(node -> member.brokerEpoch() == -1 || member.brokerEpoch() == node.epoch())
              .isPresent();
      if (!isEligible) {
        return Errors.INELIGIBLE_REPLICA;
      }
    }
    return Errors.NONE;
  }

  private static List<BrokerState> members(AlterPartitionRequestData.PartitionData request) {
    return request.newIsrWithEpochs().isEmpty()
        ? request.newIsr().stream()
            .map(id -> new BrokerState().setBrokerId(id).setBrokerEpoch(-1))
            .toList()
        : request.newIsrWithEpochs();
  }
}
