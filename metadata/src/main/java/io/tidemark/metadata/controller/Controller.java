package io.tidemark.metadata.controller;

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

/**
 * Everything that changes the cluster's metadata. The one that leads the quorum decides; any other
 * refuses.
 *
 * <p>A result arrives when what it reports is committed in the quorum; it is not yet in the image
 * of every node. Errors about a part of a request stand inside the response, as in Kafka. A future
 * fails with Kafka's own exception only when the request as a whole was not decided: {@code
 * NotControllerException} (ask the leader; nothing was done), {@code TimeoutException} (it may or
 * may not have been done; ask again, every call may be repeated), {@code PolicyViolationException}
 * and {@code InvalidRequestException} (over a limit). Nobody retries inside. Authorisation happened
 * before. Safe from any thread; futures complete on the controller's thread and what hangs on them
 * must be short. Requests must not be changed by the caller until answered.
 */
public interface Controller {

  CompletableFuture<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request);

  /** By name or by id. Objects in the store are emptied later, see {@link #topicEmptied}. */
  CompletableFuture<DeleteTopicsResponseData> deleteTopics(DeleteTopicsRequestData request);

  CompletableFuture<CreatePartitionsResponseData> createPartitions(
      CreatePartitionsRequestData request);

  CompletableFuture<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
      IncrementalAlterConfigsRequestData request);

  CompletableFuture<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request);

  /** Other replicas for partitions, or back to those of before; done when all are in sync. */
  CompletableFuture<AlterPartitionReassignmentsResponseData> alterReassignments(
      AlterPartitionReassignmentsRequestData request);

  /** Gives leaderships to first replicas, or to anybody who is there. */
  CompletableFuture<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request);

  /** A leader's change of its ISR, compared and set by partition epoch. */
  CompletableFuture<AlterPartitionResponseData> alterPartition(AlterPartitionRequestData request);

  /** Gives the node its epoch; it is fenced until a heartbeat says it caught up. */
  CompletableFuture<BrokerRegistrationResponseData> registerNode(
      BrokerRegistrationRequestData request);

  CompletableFuture<BrokerHeartbeatResponseData> heartbeat(BrokerHeartbeatRequestData request);

  CompletableFuture<UnregisterBrokerResponseData> unregisterNode(
      UnregisterBrokerRequestData request);

  CompletableFuture<AllocateProducerIdsResponseData> allocateProducerIds(
      AllocateProducerIdsRequestData request);

  CompletableFuture<DescribeQuorumResponseData> describeQuorum(DescribeQuorumRequestData request);

  /** One voter more in the quorum; done when that is committed. The voter runs already. */
  CompletableFuture<AddRaftVoterResponseData> addVoter(AddRaftVoterRequestData request);

  /** One voter less in the quorum, which may be the one that leads it. */
  CompletableFuture<RemoveRaftVoterResponseData> removeVoter(RemoveRaftVoterRequestData request);

  /** Adds rules of who may do what; one that is there already is no error. */
  CompletableFuture<CreateAclsResponseData> createAcls(CreateAclsRequestData request);

  CompletableFuture<DeleteAclsResponseData> deleteAcls(DeleteAclsRequestData request);

  CompletableFuture<AlterUserScramCredentialsResponseData> alterScramCredentials(
      AlterUserScramCredentialsRequestData request);

  /** Other quotas for clients; each entity of the request stands for itself. */
  CompletableFuture<AlterClientQuotasResponseData> alterClientQuotas(
      AlterClientQuotasRequestData request);

  /**
   * Other levels of features, all of them or none. Fails with {@code
   * InvalidUpdateVersionException}, which says of which feature.
   */
  CompletableFuture<UpdateFeaturesResponseData> updateFeatures(UpdateFeaturesRequestData request);

  /** What it comes to stands in the result, as do Kafka's errors about the token. */
  CompletableFuture<TokenChangeResult> changeToken(TokenChange change);

  /** Makes manifests current, each on its own; one result for each commit, in their order. */
  CompletableFuture<List<ManifestCommitResult>> commitManifests(List<ManifestCommit> commits);

  /**
   * The current manifest after everything that was committed before this call; empty when there is
   * none. Fails with {@code UnknownTopicIdException} or {@code UnknownTopicOrPartitionException}.
   */
  CompletableFuture<Optional<ManifestPointer>> currentManifest(TopicIdPartition partition);

  /**
   * Moves a log start forward; an offset behind it changes nothing.
   *
   * @return the log start now. Fails with {@code UnknownTopicIdException}, {@code
   *     UnknownTopicOrPartitionException}, {@code FencedLeaderEpochException} or {@code
   *     UnknownLeaderEpochException}.
   */
  CompletableFuture<Long> advanceLogStart(TopicIdPartition partition, int leaderEpoch, long offset);

  /** Says that a deleted topic has no object left in the store. Repeating it changes nothing. */
  CompletableFuture<Void> topicEmptied(Uuid topicId);

  /** The version of an image that holds everything this controller has reported so far. */
  CompletableFuture<Long> committedVersion();
}
