package io.tidemark.gateway.security.audit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ExpireDelegationTokenRequestData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Which APIs change something, and what they say of it. What was asked is read before anybody takes
 * parts out of the request, what came of it from the answer. Values of settings are left out, since
 * they may be secret.
 */
final class Changes {
  static final Asked NOTHING = answer -> List.of();

  private static final Set<ApiKeys> APIS =
      EnumSet.of(
          ApiKeys.CREATE_TOPICS,
          ApiKeys.DELETE_TOPICS,
          ApiKeys.CREATE_PARTITIONS,
          ApiKeys.DELETE_RECORDS,
          ApiKeys.ALTER_CONFIGS,
          ApiKeys.INCREMENTAL_ALTER_CONFIGS,
          ApiKeys.CREATE_ACLS,
          ApiKeys.DELETE_ACLS,
          ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
          ApiKeys.ALTER_CLIENT_QUOTAS,
          ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
          ApiKeys.ALTER_REPLICA_LOG_DIRS,
          ApiKeys.ELECT_LEADERS,
          ApiKeys.UNREGISTER_BROKER,
          ApiKeys.UPDATE_FEATURES,
          ApiKeys.ADD_RAFT_VOTER,
          ApiKeys.REMOVE_RAFT_VOTER,
          ApiKeys.DELETE_GROUPS,
          ApiKeys.OFFSET_DELETE,
          ApiKeys.CREATE_DELEGATION_TOKEN,
          ApiKeys.RENEW_DELEGATION_TOKEN,
          ApiKeys.EXPIRE_DELEGATION_TOKEN);

  private Changes() {}

  /** One thing that was changed, or was to be. */
  record Changed(String type, String name, String detail, Errors error) {}

  /** What was asked, waiting for its answer. */
  @FunctionalInterface
  interface Asked {
    List<Changed> answered(ApiMessage answer);
  }

  /** Reads an answer of the type that belongs to the request. */
  private interface Reading<R> {
    void read(R answer, List<Changed> changes);
  }

  static boolean mayCome(ApiKeys api) {
    return APIS.contains(api);
  }

  private static <R> Asked of(Class<R> type, Reading<R> reading) {
    return answer -> {
      List<Changed> changes = new ArrayList<>();
      if (type.isInstance(answer)) {
        reading.read(type.cast(answer), changes);
      }
      return changes;
    };
  }

  static Asked asked(ApiMessage request) {
    return switch (request) {
      case CreateTopicsRequestData data when !data.validateOnly() -> creation();
      case DeleteTopicsRequestData _ -> deletion();
      case CreatePartitionsRequestData data when !data.validateOnly() -> partitions(data);
      case DeleteRecordsRequestData _ -> records();
      case AlterConfigsRequestData data when !data.validateOnly() -> configs(data);
      case IncrementalAlterConfigsRequestData data when !data.validateOnly() -> configs(data);
      case CreateAclsRequestData data -> newRules(data);
      case DeleteAclsRequestData _ -> deletedRules();
      case AlterUserScramCredentialsRequestData data -> users(data);
      case AlterClientQuotasRequestData data when !data.validateOnly() -> quotas(data);
      case AlterPartitionReassignmentsRequestData _ -> reassignments();
      case AlterReplicaLogDirsRequestData data -> directories(data);
      case ElectLeadersRequestData _ -> elections();
      case UnregisterBrokerRequestData data -> unregistration(data);
      case UpdateFeaturesRequestData data when !data.validateOnly() -> features(data);
      case AddRaftVoterRequestData data -> newVoter(data);
      case RemoveRaftVoterRequestData data -> removedVoter(data);
      case DeleteGroupsRequestData _ -> groups();
      case OffsetDeleteRequestData data -> offsets(data);
      case CreateDelegationTokenRequestData _ -> newToken();
      case RenewDelegationTokenRequestData _ ->
          of(
              RenewDelegationTokenResponseData.class,
              (answer, changes) -> changes.add(token("", "renew", answer.errorCode())));
      case ExpireDelegationTokenRequestData _ ->
          of(
              ExpireDelegationTokenResponseData.class,
              (answer, changes) -> changes.add(token("", "expire", answer.errorCode())));
      default -> NOTHING;
    };
  }

  private static Asked creation() {
    return of(
        CreateTopicsResponseData.class,
        (answer, changes) ->
            answer
                .topics()
                .forEach(topic ->
                    changes.add(
                        changed(
                            "topic",
                            topic.name(),
                            "create, partitions=%d, replication.factor=%d"
                                .formatted(topic.numPartitions(), topic.replicationFactor()),
                            topic.errorCode()))));
  }

  private static Asked deletion() {
    return of(
        DeleteTopicsResponseData.class,
        (answer, changes) ->
            answer
                .responses()
                .forEach(topic ->
                    changes.add(
                        changed(
                            "topic",
                            nameOr(topic.name(), topic.topicId()),
                            "delete",
                            topic.errorCode()))));
  }

  private static String nameOr(@Nullable String name, Uuid id) {
    return name == null ? id.toString() : name;
  }

  private static Asked partitions(CreatePartitionsRequestData request) {
    Map<String, String> details = new HashMap<>();
    request.topics().forEach(topic -> details.put(topic.name(), "partitions=" + topic.count()));
    return of(
        CreatePartitionsResponseData.class,
        (answer, changes) ->
            answer
                .results()
                .forEach(topic ->
                    changes.add(
                        changed(
                            "topic",
                            topic.name(),
                            details.getOrDefault(topic.name(), ""),
                            topic.errorCode()))));
  }

  private static Asked directories(AlterReplicaLogDirsRequestData request) {
    Map<TopicPartition, String> details =
        new AlterReplicaLogDirsRequest(request, (short) 2).partitionDirs();
    return of(
        AlterReplicaLogDirsResponseData.class,
        (answer, changes) ->
            answer
                .results()
                .forEach(topic ->
                    topic
                        .partitions()
                        .forEach(partition -> {
                          TopicPartition id =
                              new TopicPartition(topic.topicName(), partition.partitionIndex());
                          changes.add(
                              changed(
                                  "partition",
                                  id.toString(),
                                  "move to " + details.getOrDefault(id, ""),
                                  partition.errorCode()));
                        })));
  }

  private static Asked records() {
    return of(
        DeleteRecordsResponseData.class,
        (answer, changes) ->
            answer
                .topics()
                .forEach(topic ->
                    topic
                        .partitions()
                        .forEach(partition ->
                            changes.add(
                                changed(
                                    "partition",
                                    topic.name() + "-" + partition.partitionIndex(),
                                    "delete records below " + partition.lowWatermark(),
                                    partition.errorCode())))));
  }

  private static Asked configs(AlterConfigsRequestData request) {
    Map<String, String> details = new HashMap<>();
    request
        .resources()
        .forEach(resource ->
            details.put(
                resource.resourceType() + resource.resourceName(),
                resource.configs().stream()
                    .map(config -> config.name())
                    .collect(Collectors.joining(", ", "replace by ", ""))));
    return of(
        AlterConfigsResponseData.class,
        (answer, changes) ->
            answer
                .responses()
                .forEach(resource ->
                    changes.add(
                        changed(
                            configType(resource.resourceType()),
                            resource.resourceName(),
                            details.getOrDefault(
                                resource.resourceType() + resource.resourceName(), ""),
                            resource.errorCode()))));
  }

  private static Asked configs(IncrementalAlterConfigsRequestData request) {
    Map<String, String> details = new HashMap<>();
    request
        .resources()
        .forEach(resource ->
            details.put(
                resource.resourceType() + resource.resourceName(),
                resource.configs().stream()
                    .map(config -> operation(config.configOperation()) + " " + config.name())
                    .collect(Collectors.joining(", "))));
    return of(
        IncrementalAlterConfigsResponseData.class,
        (answer, changes) ->
            answer
                .responses()
                .forEach(resource ->
                    changes.add(
                        changed(
                            configType(resource.resourceType()),
                            resource.resourceName(),
                            details.getOrDefault(
                                resource.resourceType() + resource.resourceName(), ""),
                            resource.errorCode()))));
  }

  private static String operation(byte id) {
    for (AlterConfigOp.OpType type : AlterConfigOp.OpType.values()) {
      if (type.id() == id) {
        return lower(type);
      }
    }
    return "operation " + id;
  }

  private static String configType(byte id) {
    return lower(ConfigResource.Type.forId(id)) + " config";
  }

  private static Asked newRules(CreateAclsRequestData request) {
    List<Changed> asked = new ArrayList<>();
    request
        .creations()
        .forEach(rule ->
            asked.add(
                new Changed(
                    "acl",
                    rule.resourceName(),
                    rule(
                        "create",
                        rule.permissionType(),
                        rule.principal(),
                        rule.operation(),
                        rule.resourceType(),
                        rule.host()),
                    Errors.NONE)));
    return of(
        CreateAclsResponseData.class,
        (answer, changes) -> {
          for (int i = 0; i < Math.min(asked.size(), answer.results().size()); i++) {
            changes.add(with(asked.get(i), answer.results().get(i).errorCode()));
          }
        });
  }

  private static Asked deletedRules() {
    return of(
        DeleteAclsResponseData.class,
        (answer, changes) ->
            answer
                .filterResults()
                .forEach(filter ->
                    filter
                        .matchingAcls()
                        .forEach(rule ->
                            changes.add(
                                changed(
                                    "acl",
                                    rule.resourceName(),
                                    rule(
                                        "delete",
                                        rule.permissionType(),
                                        rule.principal(),
                                        rule.operation(),
                                        rule.resourceType(),
                                        rule.host()),
                                    rule.errorCode())))));
  }

  private static String rule(
      String what, byte permission, String principal, byte operation, byte type, String host) {
    return "%s: %s %s to %s this %s from %s"
        .formatted(
            what,
            lower(AclPermissionType.fromCode(permission)),
            principal,
            lower(AclOperation.fromCode(operation)),
            lower(ResourceType.fromCode(type)),
            host);
  }

  private static Asked users(AlterUserScramCredentialsRequestData request) {
    Map<String, String> details = new HashMap<>();
    request.deletions().forEach(user -> details.put(user.name(), "delete credentials"));
    request.upsertions().forEach(user -> details.put(user.name(), "set credentials"));
    return of(
        AlterUserScramCredentialsResponseData.class,
        (answer, changes) ->
            answer
                .results()
                .forEach(user ->
                    changes.add(
                        changed(
                            "user",
                            user.user(),
                            details.getOrDefault(user.user(), ""),
                            user.errorCode()))));
  }

  private static Asked quotas(AlterClientQuotasRequestData request) {
    List<Changed> asked = new ArrayList<>();
    request
        .entries()
        .forEach(entry ->
            asked.add(
                new Changed(
                    "quota",
                    entry.entity().stream()
                        .map(part -> part.entityType() + "=" + defaultOr(part.entityName()))
                        .collect(Collectors.joining(", ")),
                    entry.ops().stream()
                        .map(op -> op.remove() ? "delete " + op.key() : op.key() + "=" + op.value())
                        .collect(Collectors.joining(", ")),
                    Errors.NONE)));
    return of(
        AlterClientQuotasResponseData.class,
        (answer, changes) -> {
          for (int i = 0; i < Math.min(asked.size(), answer.entries().size()); i++) {
            changes.add(with(asked.get(i), answer.entries().get(i).errorCode()));
          }
        });
  }

  private static String defaultOr(@Nullable String name) {
    return name == null ? "<default>" : name;
  }

  private static Asked reassignments() {
    return of(
        AlterPartitionReassignmentsResponseData.class,
        (answer, changes) ->
            answer
                .responses()
                .forEach(topic ->
                    topic
                        .partitions()
                        .forEach(partition ->
                            changes.add(
                                changed(
                                    "partition",
                                    topic.name() + "-" + partition.partitionIndex(),
                                    "reassign",
                                    partition.errorCode())))));
  }

  private static Asked elections() {
    return of(
        ElectLeadersResponseData.class,
        (answer, changes) ->
            answer
                .replicaElectionResults()
                .forEach(topic ->
                    topic
                        .partitionResult()
                        .forEach(partition ->
                            changes.add(
                                changed(
                                    "partition",
                                    topic.topic() + "-" + partition.partitionId(),
                                    "elect a leader",
                                    partition.errorCode())))));
  }

  private static Asked unregistration(UnregisterBrokerRequestData request) {
    String node = Integer.toString(request.brokerId());
    return of(
        UnregisterBrokerResponseData.class,
        (answer, changes) -> changes.add(changed("node", node, "unregister", answer.errorCode())));
  }

  /** All together or none, so that one error is that of each. */
  private static Asked features(UpdateFeaturesRequestData request) {
    Map<String, Short> levels =
        request.featureUpdates().stream()
            .collect(
                Collectors.toMap(
                    FeatureUpdateKey::feature,
                    FeatureUpdateKey::maxVersionLevel,
                    (_, last) -> last));
    return of(
        UpdateFeaturesResponseData.class,
        (answer, changes) ->
            levels.forEach((feature, level) ->
                changes.add(changed("feature", feature, "level=" + level, answer.errorCode()))));
  }

  private static Asked newVoter(AddRaftVoterRequestData request) {
    String node = Integer.toString(request.voterId());
    return of(
        AddRaftVoterResponseData.class,
        (answer, changes) -> changes.add(changed("node", node, "add voter", answer.errorCode())));
  }

  private static Asked removedVoter(RemoveRaftVoterRequestData request) {
    String node = Integer.toString(request.voterId());
    return of(
        RemoveRaftVoterResponseData.class,
        (answer, changes) ->
            changes.add(changed("node", node, "remove voter", answer.errorCode())));
  }

  private static Asked groups() {
    return of(
        DeleteGroupsResponseData.class,
        (answer, changes) ->
            answer
                .results()
                .forEach(group ->
                    changes.add(changed("group", group.groupId(), "delete", group.errorCode()))));
  }

  private static Asked offsets(OffsetDeleteRequestData request) {
    String group = request.groupId();
    return of(
        OffsetDeleteResponseData.class,
        (answer, changes) ->
            changes.add(changed("group", group, "delete offsets", answer.errorCode())));
  }

  private static Asked newToken() {
    return of(
        CreateDelegationTokenResponseData.class,
        (answer, changes) ->
            changes.add(
                token(
                    answer.tokenId(),
                    "create for %s:%s".formatted(answer.principalType(), answer.principalName()),
                    answer.errorCode())));
  }

  /** Whoever prolongs or ends one shows its secret, which is not told; so it has no name then. */
  private static Changed token(String id, String detail, short errorCode) {
    return changed("delegation token", id, detail, errorCode);
  }

  private static Changed with(Changed asked, short errorCode) {
    return changed(asked.type, asked.name, asked.detail, errorCode);
  }

  private static Changed changed(String type, String name, String detail, short errorCode) {
    return new Changed(type, name, detail, Errors.forCode(errorCode));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
