package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ProtocolErrors;
import io.tidemark.log.replica.IsrChanges;
import io.tidemark.log.replica.IsrProposal;
import io.tidemark.log.replica.IsrResult;
import io.tidemark.log.replica.NodeEpoch;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionRequestData.TopicData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.AlterPartitionResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

/** Leaders' changes of their in-sync replicas as AlterPartition requests to the controller. */
final class ControllerIsrChanges implements IsrChanges {
  private final Controller controller;
  private final Supplier<ClusterImage> image;
  private final int nodeId;
  private final LongSupplier nodeEpoch;

  ControllerIsrChanges(
      Controller controller, Supplier<ClusterImage> image, int nodeId, LongSupplier nodeEpoch) {
    this.controller = controller;
    this.image = image;
    this.nodeId = nodeId;
    this.nodeEpoch = nodeEpoch;
  }

  @Override
  public CompletableFuture<IsrResult> propose(IsrProposal proposal) {
    return controller.alterPartition(request(proposal)).handle(ControllerIsrChanges::result);
  }

  @Override
  public OptionalLong eligibleNodeEpoch(int id) {
    return image.get().nodes().get(id).filter(NodeImage::isActive).stream()
        .mapToLong(NodeImage::epoch)
        .findFirst();
  }

  private AlterPartitionRequestData request(IsrProposal proposal) {
    AlterPartitionRequestData.PartitionData change =
        new AlterPartitionRequestData.PartitionData()
            .setPartitionIndex(proposal.partition().partition())
            .setLeaderEpoch(proposal.leaderEpoch())
            .setPartitionEpoch(proposal.partitionEpoch())
            .setNewIsrWithEpochs(
                proposal.isr().stream().map(ControllerIsrChanges::member).toList());
    return new AlterPartitionRequestData()
        .setBrokerId(nodeId)
        .setBrokerEpoch(nodeEpoch.getAsLong())
        .setTopics(
            List.of(
                new TopicData()
                    .setTopicId(proposal.partition().topicId())
                    .setPartitions(List.of(change))));
  }

  private static BrokerState member(NodeEpoch node) {
    return new BrokerState().setBrokerId(node.nodeId()).setBrokerEpoch(node.epoch());
  }

  private static IsrResult result(AlterPartitionResponseData response, Throwable failure) {
    if (failure != null) {
      return new IsrResult.Refused(ProtocolErrors.of(failure));
    }
    if (response.errorCode() != Errors.NONE.code()) {
      return new IsrResult.Refused(Errors.forCode(response.errorCode()));
    }
    PartitionData changed = response.topics().getFirst().partitions().getFirst();
    return changed.errorCode() == Errors.NONE.code()
        ? new IsrResult.Committed(changed.leaderEpoch(), changed.partitionEpoch(), changed.isr())
        : new IsrResult.Refused(Errors.forCode(changed.errorCode()));
  }
}
