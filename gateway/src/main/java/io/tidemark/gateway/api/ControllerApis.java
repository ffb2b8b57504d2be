package io.tidemark.gateway.api;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.link.ControllerCalls;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * What nodes ask of the controller, on its own listeners and nowhere else.
 *
 * <pre>
 *   56 AlterPartition   62 BrokerRegistration   63 BrokerHeartbeat   67 AllocateProducerIds
 *   58 Envelope, around what Kafka has no message for: {@link NodeCallHandler}
 *   and what clients have asked a node for and that node passes on: topics, partitions, their
 *   places and leaders, settings, voters
 * </pre>
 *
 * Answered when the quorum has committed it, with NOT_CONTROLLER where this node does not lead it.
 * Nothing here waits for this node's own image.
 */
public final class ControllerApis {
  private final Controller controller;
  private final ControllerCalls calls;
  private final ConnectionLoss losses;
  private final Supplier<Optional<HostPort>> leader;
  private final ClusterView cluster;
  private final Speakers speakers;

  /**
   * @param controller the one in this process, which passes nothing on
   * @param losses hears when the connection of a node's heartbeats ends
   * @param speakers who may speak for which node
   * @param leader where who leads the quorum is asked, as far as it is known
   */
  public ControllerApis(
      Controller controller,
      ControllerCalls calls,
      ConnectionLoss losses,
      Supplier<Optional<HostPort>> leader,
      ClusterView cluster,
      Speakers speakers) {
    this.controller = controller;
    this.calls = calls;
    this.losses = losses;
    this.leader = leader;
    this.cluster = cluster;
    this.speakers = speakers;
  }

  public ApiTable table() {
    AtomicReference<ApiTable> table = new AtomicReference<>();
    ApiTable.Builder apis = ApiTable.builder();
    all(apis, ApiKeys.API_VERSIONS, new ApiVersionsHandler(cluster, table::get));
    apis.serve(ApiKeys.SASL_HANDSHAKE, 0, 1, SaslHandlers::handshake)
        .serve(ApiKeys.SASL_AUTHENTICATE, 0, 2, SaslHandlers::authenticate);
    serveNodes(apis);
    all(apis, ApiKeys.ENVELOPE, new NodeCallHandler(calls, leader, speakers));
    servePassedOn(apis);
    table.set(apis.build());
    return table.get();
  }

  private void serveNodes(ApiTable.Builder apis) {
    all(
        apis,
        ApiKeys.ALTER_PARTITION,
        answering(AlterPartitionRequestData.class, controller::alterPartition));
    all(
        apis,
        ApiKeys.BROKER_REGISTRATION,
        answering(BrokerRegistrationRequestData.class, controller::registerNode));
    all(apis, ApiKeys.BROKER_HEARTBEAT, new HeartbeatHandler(controller, losses));
    all(
        apis,
        ApiKeys.ALLOCATE_PRODUCER_IDS,
        answering(AllocateProducerIdsRequestData.class, controller::allocateProducerIds));
    all(
        apis,
        ApiKeys.DESCRIBE_QUORUM,
        answering(DescribeQuorumRequestData.class, controller::describeQuorum));
    all(
        apis,
        ApiKeys.ADD_RAFT_VOTER,
        answering(AddRaftVoterRequestData.class, controller::addVoter));
    all(
        apis,
        ApiKeys.REMOVE_RAFT_VOTER,
        answering(RemoveRaftVoterRequestData.class, controller::removeVoter));
  }

  private void servePassedOn(ApiTable.Builder apis) {
    all(
        apis,
        ApiKeys.CREATE_TOPICS,
        answering(CreateTopicsRequestData.class, controller::createTopics));
    all(
        apis,
        ApiKeys.DELETE_TOPICS,
        answering(DeleteTopicsRequestData.class, controller::deleteTopics));
    all(
        apis,
        ApiKeys.CREATE_PARTITIONS,
        answering(CreatePartitionsRequestData.class, controller::createPartitions));
    all(
        apis,
        ApiKeys.ALTER_CONFIGS,
        answering(AlterConfigsRequestData.class, controller::alterConfigs));
    all(
        apis,
        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
        answering(IncrementalAlterConfigsRequestData.class, controller::incrementalAlterConfigs));
    all(
        apis,
        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
        answering(AlterPartitionReassignmentsRequestData.class, controller::alterReassignments));
    all(
        apis,
        ApiKeys.ELECT_LEADERS,
        answering(ElectLeadersRequestData.class, controller::electLeaders));
    all(
        apis,
        ApiKeys.UNREGISTER_BROKER,
        answering(UnregisterBrokerRequestData.class, controller::unregisterNode));
    all(apis, ApiKeys.CREATE_ACLS, answering(CreateAclsRequestData.class, controller::createAcls));
    all(apis, ApiKeys.DELETE_ACLS, answering(DeleteAclsRequestData.class, controller::deleteAcls));
    all(
        apis,
        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
        answering(AlterUserScramCredentialsRequestData.class, controller::alterScramCredentials));
    all(
        apis,
        ApiKeys.ALTER_CLIENT_QUOTAS,
        answering(AlterClientQuotasRequestData.class, controller::alterClientQuotas));
    all(
        apis,
        ApiKeys.UPDATE_FEATURES,
        answering(UpdateFeaturesRequestData.class, controller::updateFeatures));
  }

  /** Nodes may be of different releases, so every version is served. */
  private static void all(ApiTable.Builder apis, ApiKeys key, ApiHandler handler) {
    apis.serve(key, key.oldestVersion(), key.latestVersion(), handler);
  }

  private static <T extends ApiMessage> ApiHandler answering(
      Class<T> type, Function<T, CompletableFuture<? extends ApiMessage>> call) {
    return (request, responder) ->
        Answers.when(call.apply(type.cast(request.body().data())), request, responder);
  }
}
