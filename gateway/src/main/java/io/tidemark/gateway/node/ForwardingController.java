package io.tidemark.gateway.node;

import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.controller.ManifestCommit;
import io.tidemark.metadata.controller.ManifestCommitResult;
import io.tidemark.metadata.controller.TokenChange;
import io.tidemark.metadata.controller.TokenChangeResult;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.link.ControllerCall;
import io.tidemark.metadata.link.ControllerCall.LogStartAdvance;
import io.tidemark.metadata.link.ControllerReply;
import io.tidemark.metadata.link.ControllerReply.LogStartResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
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
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The controller wherever it is: the one in this process where its voter leads the quorum, or
 * nobody is known to, else the leader's, through {@link ControllerLink}. Asked anew for every call;
 * a call that meets a change of leaders is refused by one of them. Safe from any thread.
 */
final class ForwardingController implements Controller {
  private final Controller local;
  private final BooleanSupplier isElsewhere;
  private final ControllerLink link;
  private final Gathering<LogStartAdvance, LogStartResult> logStarts;

  /**
   * @param local refuses what is decided elsewhere
   * @param isElsewhere whether another node is known to lead the quorum
   */
  ForwardingController(Controller local, BooleanSupplier isElsewhere, ControllerLink link) {
    this.local = local;
    this.isElsewhere = isElsewhere;
    this.link = link;
    this.logStarts = new Gathering<>(ControllerCall.MAX_TOGETHER, this::advance);
  }

  @Override
  public CompletableFuture<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.CREATE_TOPICS, request, CreateTopicsResponseData.class)
        : local.createTopics(request);
  }

  @Override
  public CompletableFuture<DeleteTopicsResponseData> deleteTopics(DeleteTopicsRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.DELETE_TOPICS, request, DeleteTopicsResponseData.class)
        : local.deleteTopics(request);
  }

  @Override
  public CompletableFuture<CreatePartitionsResponseData> createPartitions(
      CreatePartitionsRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.CREATE_PARTITIONS, request, CreatePartitionsResponseData.class)
        : local.createPartitions(request);
  }

  @Override
  public CompletableFuture<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
      IncrementalAlterConfigsRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(
            ApiKeys.INCREMENTAL_ALTER_CONFIGS, request, IncrementalAlterConfigsResponseData.class)
        : local.incrementalAlterConfigs(request);
  }

  @Override
  public CompletableFuture<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.ALTER_CONFIGS, request, AlterConfigsResponseData.class)
        : local.alterConfigs(request);
  }

  @Override
  public CompletableFuture<AlterPartitionReassignmentsResponseData> alterReassignments(
      AlterPartitionReassignmentsRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(
            ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
            request,
            AlterPartitionReassignmentsResponseData.class)
        : local.alterReassignments(request);
  }

  @Override
  public CompletableFuture<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.ELECT_LEADERS, request, ElectLeadersResponseData.class)
        : local.electLeaders(request);
  }

  @Override
  public CompletableFuture<AlterPartitionResponseData> alterPartition(
      AlterPartitionRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.ALTER_PARTITION, request, AlterPartitionResponseData.class)
        : local.alterPartition(request);
  }

  @Override
  public CompletableFuture<BrokerRegistrationResponseData> registerNode(
      BrokerRegistrationRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.BROKER_REGISTRATION, request, BrokerRegistrationResponseData.class)
        : local.registerNode(request);
  }

  @Override
  public CompletableFuture<BrokerHeartbeatResponseData> heartbeat(
      BrokerHeartbeatRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.BROKER_HEARTBEAT, request, BrokerHeartbeatResponseData.class)
        : local.heartbeat(request);
  }

  @Override
  public CompletableFuture<UnregisterBrokerResponseData> unregisterNode(
      UnregisterBrokerRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.UNREGISTER_BROKER, request, UnregisterBrokerResponseData.class)
        : local.unregisterNode(request);
  }

  @Override
  public CompletableFuture<AllocateProducerIdsResponseData> allocateProducerIds(
      AllocateProducerIdsRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.ALLOCATE_PRODUCER_IDS, request, AllocateProducerIdsResponseData.class)
        : local.allocateProducerIds(request);
  }

  @Override
  public CompletableFuture<DescribeQuorumResponseData> describeQuorum(
      DescribeQuorumRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.DESCRIBE_QUORUM, request, DescribeQuorumResponseData.class)
        : local.describeQuorum(request);
  }

  @Override
  public CompletableFuture<AddRaftVoterResponseData> addVoter(AddRaftVoterRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.ADD_RAFT_VOTER, request, AddRaftVoterResponseData.class)
        : local.addVoter(request);
  }

  @Override
  public CompletableFuture<RemoveRaftVoterResponseData> removeVoter(
      RemoveRaftVoterRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.REMOVE_RAFT_VOTER, request, RemoveRaftVoterResponseData.class)
        : local.removeVoter(request);
  }

  @Override
  public CompletableFuture<CreateAclsResponseData> createAcls(CreateAclsRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.CREATE_ACLS, request, CreateAclsResponseData.class)
        : local.createAcls(request);
  }

  @Override
  public CompletableFuture<DeleteAclsResponseData> deleteAcls(DeleteAclsRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.DELETE_ACLS, request, DeleteAclsResponseData.class)
        : local.deleteAcls(request);
  }

  @Override
  public CompletableFuture<AlterUserScramCredentialsResponseData> alterScramCredentials(
      AlterUserScramCredentialsRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(
            ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
            request,
            AlterUserScramCredentialsResponseData.class)
        : local.alterScramCredentials(request);
  }

  @Override
  public CompletableFuture<AlterClientQuotasResponseData> alterClientQuotas(
      AlterClientQuotasRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.ALTER_CLIENT_QUOTAS, request, AlterClientQuotasResponseData.class)
        : local.alterClientQuotas(request);
  }

  @Override
  public CompletableFuture<UpdateFeaturesResponseData> updateFeatures(
      UpdateFeaturesRequestData request) {
    return isElsewhere.getAsBoolean()
        ? link.ask(ApiKeys.UPDATE_FEATURES, request, UpdateFeaturesResponseData.class)
        : local.updateFeatures(request);
  }

  @Override
  public CompletableFuture<TokenChangeResult> changeToken(TokenChange change) {
    return isElsewhere.getAsBoolean()
        ? link.call(new ControllerCall.ChangeToken(change))
            .thenApply(ControllerReply.TokenChanged.class::cast)
            .thenApply(ControllerReply.TokenChanged::result)
        : local.changeToken(change);
  }

  @Override
  public CompletableFuture<List<ManifestCommitResult>> commitManifests(
      List<ManifestCommit> commits) {
    return isElsewhere.getAsBoolean()
        ? link.call(new ControllerCall.CommitManifests(commits))
            .thenApply(ControllerReply.ManifestsCommitted.class::cast)
            .thenApply(ControllerReply.ManifestsCommitted::results)
        : local.commitManifests(commits);
  }

  @Override
  public CompletableFuture<Optional<ManifestPointer>> currentManifest(TopicIdPartition partition) {
    return isElsewhere.getAsBoolean()
        ? link.call(new ControllerCall.ReadManifest(partition))
            .thenApply(ControllerReply.ManifestRead.class::cast)
            .thenApply(read -> Optional.ofNullable(read.current()))
        : local.currentManifest(partition);
  }

  @Override
  public CompletableFuture<Long> advanceLogStart(
      TopicIdPartition partition, int leaderEpoch, long offset) {
    return isElsewhere.getAsBoolean()
        ? logStarts
            .ask(new LogStartAdvance(partition, leaderEpoch, offset))
            .thenApply(ForwardingController::logStart)
        : local.advanceLogStart(partition, leaderEpoch, offset);
  }

  private CompletableFuture<List<LogStartResult>> advance(List<LogStartAdvance> advances) {
    return link.call(new ControllerCall.AdvanceLogStarts(advances))
        .thenApply(ControllerReply.LogStartsAdvanced.class::cast)
        .thenApply(ControllerReply.LogStartsAdvanced::results);
  }

  private static long logStart(LogStartResult result) {
    if (result.error().isFailure()) {
      throw result.error().exception();
    }
    return result.logStartOffset();
  }

  @Override
  public CompletableFuture<Void> topicEmptied(Uuid topicId) {
    return isElsewhere.getAsBoolean()
        ? link.call(new ControllerCall.TopicEmptied(topicId)).thenAccept(done -> {})
        : local.topicEmptied(topicId);
  }

  @Override
  public CompletableFuture<Long> committedVersion() {
    return isElsewhere.getAsBoolean()
        ? link.call(new ControllerCall.ReadVersion())
            .thenApply(ControllerReply.VersionRead.class::cast)
            .thenApply(ControllerReply.VersionRead::version)
        : local.committedVersion();
  }
}
