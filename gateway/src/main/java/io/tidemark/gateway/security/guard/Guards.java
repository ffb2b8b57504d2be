package io.tidemark.gateway.security.guard;

import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** Which guard stands before which API. */
public final class Guards {
  private static final short OLDEST_ADD_PARTITIONS_OF_NODES = 4;

  private final Map<ApiKeys, Guard> guards = new EnumMap<>(ApiKeys.class);

  public Guards(ClusterView cluster) {
    TopicNames names = new TopicNames(cluster);
    openToAll();
    data(new DataGuards(names));
    topics(new TopicGuards(names));
    groups(new GroupGuards(names));
    transactions(new GroupGuards(names));
    settings();
    cluster();
  }

  /**
   * The same APIs, each behind its guard. One without a guard is a mistake of who added it, and
   * ends the start.
   */
  public ApiTable around(ApiTable table) {
    ApiTable.Builder guarded = ApiTable.builder();
    table
        .entries()
        .forEach((key, entry) ->
            guarded.serve(
                key,
                entry.advertised(),
                entry.oldest(),
                entry.latest(),
                guarded(key, entry.handler())));
    return guarded.build();
  }

  /** What nodes ask of each other: only nodes may, and each for itself. */
  public static ApiTable aroundNodes(ApiTable table, NodeClaims claims) {
    Guard nodesOnly =
        Guard.cluster(AclOperation.CLUSTER_ACTION)
            .and(Guard.whole(claims::areTrue, Errors.CLUSTER_AUTHORIZATION_FAILED));
    ApiTable.Builder guarded = ApiTable.builder();
    table
        .entries()
        .forEach((key, entry) -> {
          Guard guard = isOpen(key) ? Guard.open() : nodesOnly;
          guarded.serve(
              key,
              entry.advertised(),
              entry.oldest(),
              entry.latest(),
              (request, responder) -> guard.handle(request, responder, entry.handler()));
        });
    return guarded.build();
  }

  private ApiHandler guarded(ApiKeys key, ApiHandler handler) {
    Guard guard = guards.get(key);
    if (guard == null) {
      throw new IllegalStateException("nobody has said who may ask for " + key);
    }
    return (request, responder) -> {
      if (request.access().isUnlimited()) {
        handler.handle(request, responder);
      } else {
        guard.handle(request, responder, handler);
      }
    };
  }

  private static boolean isOpen(ApiKeys key) {
    return switch (key) {
      case API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE -> true;
      default -> false;
    };
  }

  private void openToAll() {
    guards.put(ApiKeys.API_VERSIONS, Guard.open());
    guards.put(ApiKeys.SASL_HANDSHAKE, Guard.open());
    guards.put(ApiKeys.SASL_AUTHENTICATE, Guard.open());
    guards.put(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, Guard.open());
    guards.put(ApiKeys.PUSH_TELEMETRY, Guard.open());
    guards.put(ApiKeys.FETCH, Guard.open()); // asks for itself, partition by partition
    for (ApiKeys key :
        new ApiKeys[] { // ask for themselves, token by token
          ApiKeys.CREATE_DELEGATION_TOKEN,
          ApiKeys.RENEW_DELEGATION_TOKEN,
          ApiKeys.EXPIRE_DELEGATION_TOKEN,
          ApiKeys.DESCRIBE_DELEGATION_TOKEN
        }) {
      guards.put(key, Guard.open());
    }
  }

  private void data(DataGuards data) {
    guards.put(ApiKeys.PRODUCE, data::produce);
    guards.put(ApiKeys.LIST_OFFSETS, data::listOffsets);
    guards.put(ApiKeys.OFFSET_FOR_LEADER_EPOCH, data::offsetForLeaderEpoch);
    guards.put(ApiKeys.DELETE_RECORDS, data::deleteRecords);
    guards.put(ApiKeys.DESCRIBE_PRODUCERS, data::describeProducers);
  }

  private void topics(TopicGuards topics) {
    guards.put(ApiKeys.METADATA, topics::metadata);
    guards.put(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, topics::describePartitions);
    guards.put(ApiKeys.CREATE_TOPICS, topics::create);
    guards.put(ApiKeys.DELETE_TOPICS, topics::delete);
    guards.put(ApiKeys.CREATE_PARTITIONS, topics::createPartitions);
  }

  private void groups(GroupGuards groups) {
    guards.put(ApiKeys.FIND_COORDINATOR, groups::findCoordinator);
    guards.put(
        ApiKeys.JOIN_GROUP,
        Guard.group(AclOperation.READ, JoinGroupRequestData.class, JoinGroupRequestData::groupId));
    guards.put(
        ApiKeys.SYNC_GROUP,
        Guard.group(AclOperation.READ, SyncGroupRequestData.class, SyncGroupRequestData::groupId));
    guards.put(
        ApiKeys.HEARTBEAT,
        Guard.group(AclOperation.READ, HeartbeatRequestData.class, HeartbeatRequestData::groupId));
    guards.put(
        ApiKeys.LEAVE_GROUP,
        Guard.group(
            AclOperation.READ, LeaveGroupRequestData.class, LeaveGroupRequestData::groupId));
    guards.put(
        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
        Guard.group(
            AclOperation.READ,
            ConsumerGroupHeartbeatRequestData.class,
            ConsumerGroupHeartbeatRequestData::groupId));
    guards.put(
        ApiKeys.OFFSET_COMMIT,
        Guard.group(
                AclOperation.READ, OffsetCommitRequestData.class, OffsetCommitRequestData::groupId)
            .and(groups::commitOffsets));
    guards.put(ApiKeys.OFFSET_FETCH, groups::fetchOffsets);
    guards.put(
        ApiKeys.OFFSET_DELETE,
        Guard.group(
                AclOperation.DELETE,
                OffsetDeleteRequestData.class,
                OffsetDeleteRequestData::groupId)
            .and(groups::deleteOffsets));
    guards.put(ApiKeys.DESCRIBE_GROUPS, groups::describe);
    guards.put(ApiKeys.CONSUMER_GROUP_DESCRIBE, groups::describeConsumers);
    guards.put(ApiKeys.LIST_GROUPS, groups::list);
    guards.put(ApiKeys.DELETE_GROUPS, groups::delete);
  }

  private void transactions(GroupGuards groups) {
    guards.put(ApiKeys.INIT_PRODUCER_ID, Guards::initProducerId);
    guards.put(
        ApiKeys.END_TXN,
        Guard.transaction(
            AclOperation.WRITE, EndTxnRequestData.class, EndTxnRequestData::transactionalId));
    guards.put(
        ApiKeys.ADD_OFFSETS_TO_TXN,
        Guard.transaction(
                AclOperation.WRITE,
                AddOffsetsToTxnRequestData.class,
                AddOffsetsToTxnRequestData::transactionalId)
            .and(
                Guard.group(
                    AclOperation.READ,
                    AddOffsetsToTxnRequestData.class,
                    AddOffsetsToTxnRequestData::groupId)));
    guards.put(
        ApiKeys.TXN_OFFSET_COMMIT,
        Guard.transaction(
                AclOperation.WRITE,
                TxnOffsetCommitRequestData.class,
                TxnOffsetCommitRequestData::transactionalId)
            .and(
                Guard.group(
                    AclOperation.READ,
                    TxnOffsetCommitRequestData.class,
                    TxnOffsetCommitRequestData::groupId))
            .and(groups::commitOffsetsInTransaction));
    guards.put(ApiKeys.ADD_PARTITIONS_TO_TXN, Guards::addPartitions);
    guards.put(ApiKeys.DESCRIBE_TRANSACTIONS, TransactionGuards::describe);
    guards.put(ApiKeys.LIST_TRANSACTIONS, TransactionGuards::list);
    guards.put(ApiKeys.WRITE_TXN_MARKERS, Guard.cluster(AclOperation.CLUSTER_ACTION));
  }

  /** Without a transaction: whoever may write to any topic, or has the old right for that. */
  private static void initProducerId(Request request, Responder responder, ApiHandler next) {
    String transaction = ((InitProducerIdRequestData) request.body().data()).transactionalId();
    if (transaction != null) {
      Guard.transaction(
              AclOperation.WRITE,
              InitProducerIdRequestData.class,
              InitProducerIdRequestData::transactionalId)
          .handle(request, responder, next);
      return;
    }
    boolean isAllowed =
        request.access().mayOnCluster(AclOperation.IDEMPOTENT_WRITE)
            || request.access().mayOnAny(AclOperation.WRITE, ResourceType.TOPIC);
    Guard.whole(_ -> isAllowed, Errors.CLUSTER_AUTHORIZATION_FAILED)
        .handle(request, responder, next);
  }

  /** All partitions or none, as transactions are; later versions are nodes' alone. */
  private static void addPartitions(Request request, Responder responder, ApiHandler next) {
    AddPartitionsToTxnRequestData data = (AddPartitionsToTxnRequestData) request.body().data();
    if (request.apiVersion() >= OLDEST_ADD_PARTITIONS_OF_NODES) {
      Guard.cluster(AclOperation.CLUSTER_ACTION).handle(request, responder, next);
      return;
    }
    boolean mayWrite =
        data.v3AndBelowTopics().stream()
            .allMatch(topic -> request.access().mayOnTopic(AclOperation.WRITE, topic.name()));
    Guard.transaction(
            AclOperation.WRITE,
            AddPartitionsToTxnRequestData.class,
            AddPartitionsToTxnRequestData::v3AndBelowTransactionalId)
        .and(Guard.whole(_ -> mayWrite, Errors.TOPIC_AUTHORIZATION_FAILED))
        .handle(request, responder, next);
  }

  private void settings() {
    guards.put(ApiKeys.DESCRIBE_CONFIGS, ConfigGuards::describe);
    guards.put(ApiKeys.ALTER_CONFIGS, ConfigGuards::alter);
    guards.put(ApiKeys.INCREMENTAL_ALTER_CONFIGS, ConfigGuards::alterIncrementally);
    guards.put(ApiKeys.LIST_CONFIG_RESOURCES, Guard.cluster(AclOperation.DESCRIBE_CONFIGS));
    guards.put(ApiKeys.DESCRIBE_CLIENT_QUOTAS, Guard.cluster(AclOperation.DESCRIBE_CONFIGS));
    guards.put(ApiKeys.ALTER_CLIENT_QUOTAS, Guard.cluster(AclOperation.ALTER_CONFIGS));
  }

  private void cluster() {
    guards.put(ApiKeys.DESCRIBE_CLUSTER, Guards::describeCluster);
    for (ApiKeys key :
        new ApiKeys[] {
          ApiKeys.DESCRIBE_ACLS,
          ApiKeys.DESCRIBE_LOG_DIRS,
          ApiKeys.DESCRIBE_QUORUM,
          ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
          ApiKeys.LIST_PARTITION_REASSIGNMENTS
        }) {
      guards.put(key, Guard.cluster(AclOperation.DESCRIBE));
    }
    for (ApiKeys key :
        new ApiKeys[] {
          ApiKeys.ADD_RAFT_VOTER,
          ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
          ApiKeys.ALTER_REPLICA_LOG_DIRS,
          ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
          ApiKeys.CREATE_ACLS,
          ApiKeys.DELETE_ACLS,
          ApiKeys.ELECT_LEADERS,
          ApiKeys.REMOVE_RAFT_VOTER,
          ApiKeys.UNREGISTER_BROKER,
          ApiKeys.UPDATE_FEATURES
        }) {
      guards.put(key, Guard.cluster(AclOperation.ALTER));
    }
    for (ApiKeys key :
        new ApiKeys[] {
          ApiKeys.ALLOCATE_PRODUCER_IDS,
          ApiKeys.ALTER_PARTITION,
          ApiKeys.BROKER_HEARTBEAT,
          ApiKeys.BROKER_REGISTRATION,
          ApiKeys.ENVELOPE
        }) {
      guards.put(key, Guard.cluster(AclOperation.CLUSTER_ACTION));
    }
  }

  /** Who the nodes are everybody learns who gets in at all. */
  private static void describeCluster(Request request, Responder responder, ApiHandler next) {
    Guard.amended(
        request,
        responder,
        next,
        DescribeClusterResponseData.class,
        answer ->
            answer.setClusterAuthorizedOperations(
                TopicGuards.clusterOperations(
                    request.access(), answer.clusterAuthorizedOperations())));
  }
}
