package io.tidemark.gateway.node;

import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.controller.ManifestCommit;
import io.tidemark.metadata.controller.ManifestCommitResult;
import io.tidemark.metadata.controller.TokenChange;
import io.tidemark.metadata.controller.TokenChangeResult;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ManifestPointer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.jspecify.annotations.Nullable;

/**
 * The controller as clients of this node see it: what an administrator changes is answered when
 * this node has acted on it, so that the next request on the same connection finds it done. What
 * nodes ask of the controller is not held back, for the acting itself may depend on it.
 */
final class AwaitingController implements Controller {
  private final Controller controller;
  private final AppliedImage applied;

  AwaitingController(Controller controller, AppliedImage applied) {
    this.controller = controller;
    this.applied = applied;
  }

  private <T> CompletableFuture<T> whenApplied(CompletableFuture<T> decided) {
    return decided.thenCompose(result ->
        controller
            .committedVersion()
            .handle(AwaitingController::versionOrNone)
            .thenCompose(applied::reached)
            .thenApply(done -> result));
  }

  /** The change was made, so it is answered, even if its version can no longer be asked for. */
  private static long versionOrNone(@Nullable Long version, @Nullable Throwable failure) {
    return version == null ? ClusterImage.NO_VERSION : version;
  }

  @Override
  public CompletableFuture<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request) {
    return whenApplied(controller.createTopics(request));
  }

  @Override
  public CompletableFuture<DeleteTopicsResponseData> deleteTopics(DeleteTopicsRequestData request) {
    return whenApplied(controller.deleteTopics(request));
  }

  @Override
  public CompletableFuture<CreatePartitionsResponseData> createPartitions(
      CreatePartitionsRequestData request) {
    return whenApplied(controller.createPartitions(request));
  }

  @Override
  public CompletableFuture<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
      IncrementalAlterConfigsRequestData request) {
    return whenApplied(controller.incrementalAlterConfigs(request));
  }

  @Override
  public CompletableFuture<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request) {
    return whenApplied(controller.alterConfigs(request));
  }

  @Override
  public CompletableFuture<UnregisterBrokerResponseData> unregisterNode(
      UnregisterBrokerRequestData request) {
    return whenApplied(controller.unregisterNode(request));
  }

  @Override
  public CompletableFuture<AlterPartitionReassignmentsResponseData> alterReassignments(
      AlterPartitionReassignmentsRequestData request) {
    return whenApplied(controller.alterReassignments(request));
  }

  @Override
  public CompletableFuture<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request) {
    return whenApplied(controller.electLeaders(request));
  }

  @Override
  public CompletableFuture<AlterPartitionResponseData> alterPartition(
      AlterPartitionRequestData request) {
    return controller.alterPartition(request);
  }

  @Override
  public CompletableFuture<BrokerRegistrationResponseData> registerNode(
      BrokerRegistrationRequestData request) {
    return controller.registerNode(request);
  }

  @Override
  public CompletableFuture<BrokerHeartbeatResponseData> heartbeat(
      BrokerHeartbeatRequestData request) {
    return controller.heartbeat(request);
  }

  @Override
  public CompletableFuture<AllocateProducerIdsResponseData> allocateProducerIds(
      AllocateProducerIdsRequestData request) {
    return controller.allocateProducerIds(request);
  }

  @Override
  public CompletableFuture<DescribeQuorumResponseData> describeQuorum(
      DescribeQuorumRequestData request) {
    return controller.describeQuorum(request);
  }

  @Override
  public CompletableFuture<AddRaftVoterResponseData> addVoter(AddRaftVoterRequestData request) {
    return controller.addVoter(request);
  }

  @Override
  public CompletableFuture<RemoveRaftVoterResponseData> removeVoter(
      RemoveRaftVoterRequestData request) {
    return controller.removeVoter(request);
  }

  @Override
  public CompletableFuture<CreateAclsResponseData> createAcls(CreateAclsRequestData request) {
    return whenApplied(controller.createAcls(request));
  }

  @Override
  public CompletableFuture<DeleteAclsResponseData> deleteAcls(DeleteAclsRequestData request) {
    return whenApplied(controller.deleteAcls(request));
  }

  @Override
  public CompletableFuture<AlterUserScramCredentialsResponseData> alterScramCredentials(
      AlterUserScramCredentialsRequestData request) {
    return whenApplied(controller.alterScramCredentials(request));
  }

  @Override
  public CompletableFuture<AlterClientQuotasResponseData> alterClientQuotas(
      AlterClientQuotasRequestData request) {
    return whenApplied(controller.alterClientQuotas(request));
  }

  @Override
  public CompletableFuture<UpdateFeaturesResponseData> updateFeatures(
      UpdateFeaturesRequestData request) {
    return whenApplied(controller.updateFeatures(request));
  }

  @Override
  public CompletableFuture<TokenChangeResult> changeToken(TokenChange change) {
    return whenApplied(controller.changeToken(change));
  }

  @Override
  public CompletableFuture<List<ManifestCommitResult>> commitManifests(
      List<ManifestCommit> commits) {
    return controller.commitManifests(commits);
  }

  @Override
  public CompletableFuture<Optional<ManifestPointer>> currentManifest(TopicIdPartition partition) {
    return controller.currentManifest(partition);
  }

  @Override
  public CompletableFuture<Long> advanceLogStart(
      TopicIdPartition partition, int leaderEpoch, long offset) {
    return controller.advanceLogStart(partition, leaderEpoch, offset);
  }

  @Override
  public CompletableFuture<Void> topicEmptied(Uuid topicId) {
    return controller.topicEmptied(topicId);
  }

  @Override
  public CompletableFuture<Long> committedVersion() {
    return controller.committedVersion();
  }
}
