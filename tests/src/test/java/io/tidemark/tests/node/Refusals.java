package io.tidemark.tests.node;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * What each API tells somebody without any right who asks for a sample: the error that is right for
 * it, or why it answers anybody. Whoever adds an API adds it here.
 */
final class Refusals {
  private static final Map<ApiKeys, Set<Errors>> REFUSED = new EnumMap<>(ApiKeys.class);
  private static final Map<ApiKeys, String> OPEN = new EnumMap<>(ApiKeys.class);

  static {
    OPEN.put(ApiKeys.API_VERSIONS, "who may not log in has to learn how to speak");
    OPEN.put(ApiKeys.SASL_HANDSHAKE, "logs in");
    OPEN.put(ApiKeys.SASL_AUTHENTICATE, "logs in");
    OPEN.put(ApiKeys.DESCRIBE_CLUSTER, "who gets in learns who the nodes are, as in Kafka");
    OPEN.put(ApiKeys.LIST_GROUPS, "lists those that may be described: none");
    OPEN.put(ApiKeys.LIST_TRANSACTIONS, "lists those that may be described: none");
    topics();
    groups();
    transactions();
    cluster();
    tokens();
  }

  private Refusals() {}

  private static void topics() {
    refused(
        Errors.TOPIC_AUTHORIZATION_FAILED,
        ApiKeys.PRODUCE,
        ApiKeys.FETCH,
        ApiKeys.LIST_OFFSETS,
        ApiKeys.METADATA,
        ApiKeys.DELETE_RECORDS,
        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
        ApiKeys.DESCRIBE_PRODUCERS,
        ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
        ApiKeys.CREATE_TOPICS,
        ApiKeys.DELETE_TOPICS,
        ApiKeys.CREATE_PARTITIONS,
        ApiKeys.DESCRIBE_CONFIGS,
        ApiKeys.ALTER_CONFIGS,
        ApiKeys.INCREMENTAL_ALTER_CONFIGS);
    for (ApiKeys byId : EnumSet.of(ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.METADATA)) {
      refused(Errors.UNKNOWN_TOPIC_ID, byId); // nobody learns whether there is such a topic
    }
    refused(Errors.INVALID_REQUEST, ApiKeys.DELETE_TOPICS); // the sample names one in both ways
  }

  private static void groups() {
    refused(
        Errors.GROUP_AUTHORIZATION_FAILED,
        ApiKeys.FIND_COORDINATOR,
        ApiKeys.JOIN_GROUP,
        ApiKeys.SYNC_GROUP,
        ApiKeys.HEARTBEAT,
        ApiKeys.LEAVE_GROUP,
        ApiKeys.OFFSET_COMMIT,
        ApiKeys.OFFSET_FETCH,
        ApiKeys.OFFSET_DELETE,
        ApiKeys.DESCRIBE_GROUPS,
        ApiKeys.DELETE_GROUPS);
  }

  private static void transactions() {
    refused(
        Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
        ApiKeys.ADD_PARTITIONS_TO_TXN,
        ApiKeys.ADD_OFFSETS_TO_TXN,
        ApiKeys.TXN_OFFSET_COMMIT,
        ApiKeys.END_TXN,
        ApiKeys.DESCRIBE_TRANSACTIONS);
    refused(
        Errors.CLUSTER_AUTHORIZATION_FAILED,
        ApiKeys.INIT_PRODUCER_ID, // the sample is of no transaction
        ApiKeys.ADD_PARTITIONS_TO_TXN, // later versions are nodes' alone
        ApiKeys.WRITE_TXN_MARKERS);
  }

  private static void cluster() {
    refused(
        Errors.CLUSTER_AUTHORIZATION_FAILED,
        ApiKeys.DESCRIBE_ACLS,
        ApiKeys.CREATE_ACLS,
        ApiKeys.DELETE_ACLS,
        ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
        ApiKeys.DESCRIBE_CLIENT_QUOTAS,
        ApiKeys.ALTER_CLIENT_QUOTAS,
        ApiKeys.LIST_CONFIG_RESOURCES,
        ApiKeys.DESCRIBE_LOG_DIRS,
        ApiKeys.ALTER_REPLICA_LOG_DIRS,
        ApiKeys.ELECT_LEADERS,
        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
        ApiKeys.LIST_PARTITION_REASSIGNMENTS,
        ApiKeys.DESCRIBE_QUORUM,
        ApiKeys.ADD_RAFT_VOTER,
        ApiKeys.REMOVE_RAFT_VOTER,
        ApiKeys.UNREGISTER_BROKER,
        ApiKeys.UPDATE_FEATURES,
        ApiKeys.ENVELOPE);
  }

  private static void tokens() {
    refused(
        Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, // of who comes by PLAINTEXT
        ApiKeys.CREATE_DELEGATION_TOKEN,
        ApiKeys.RENEW_DELEGATION_TOKEN,
        ApiKeys.EXPIRE_DELEGATION_TOKEN,
        ApiKeys.DESCRIBE_DELEGATION_TOKEN);
  }

  private static void refused(Errors error, ApiKeys... keys) {
    for (ApiKeys key : keys) {
      REFUSED.computeIfAbsent(key, _ -> EnumSet.noneOf(Errors.class)).add(error);
    }
  }

  /** All APIs of which it is known what they tell. */
  static Set<ApiKeys> known() {
    Set<ApiKeys> known = EnumSet.copyOf(REFUSED.keySet());
    known.addAll(OPEN.keySet());
    return known;
  }

  static boolean isOpen(ApiKeys key) {
    return OPEN.containsKey(key);
  }

  /** What is right to answer; nothing for one that is open. */
  static Set<Errors> of(ApiKeys key) {
    return REFUSED.getOrDefault(key, Set.of());
  }
}
