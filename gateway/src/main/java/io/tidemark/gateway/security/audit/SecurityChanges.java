package io.tidemark.gateway.security.audit;

import static io.tidemark.gateway.security.audit.Changes.NOTHING;
import static io.tidemark.gateway.security.audit.Changes.answered;
import static io.tidemark.gateway.security.audit.Changes.inOrder;
import static io.tidemark.gateway.security.audit.Changes.lower;

import io.tidemark.gateway.security.audit.Changes.Asked;
import io.tidemark.gateway.security.audit.Changes.Changed;
import io.tidemark.gateway.security.audit.Changes.Readers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.ExpireDelegationTokenRequestData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** Changes of who gets in, what they may, and how much of it. */
final class SecurityChanges {
  private SecurityChanges() {}

  static void addTo(Readers readers) {
    readers.add(ApiKeys.CREATE_ACLS, CreateAclsRequestData.class, SecurityChanges::newRules);
    readers.add(ApiKeys.DELETE_ACLS, DeleteAclsRequestData.class, _ -> deletedRules());
    readers.add(
        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
        AlterUserScramCredentialsRequestData.class,
        SecurityChanges::users);
    readers.add(
        ApiKeys.ALTER_CLIENT_QUOTAS, AlterClientQuotasRequestData.class, SecurityChanges::quotas);
    readers.add(
        ApiKeys.CREATE_DELEGATION_TOKEN, CreateDelegationTokenRequestData.class, _ -> newToken());
    readers.add(
        ApiKeys.RENEW_DELEGATION_TOKEN,
        RenewDelegationTokenRequestData.class,
        _ ->
            answered(
                RenewDelegationTokenResponseData.class,
                answer -> Stream.of(token("", "renew", answer.errorCode()))));
    readers.add(
        ApiKeys.EXPIRE_DELEGATION_TOKEN,
        ExpireDelegationTokenRequestData.class,
        _ ->
            answered(
                ExpireDelegationTokenResponseData.class,
                answer -> Stream.of(token("", "expire", answer.errorCode()))));
  }

  private static Asked newRules(CreateAclsRequestData request) {
    List<Changed> asked =
        request.creations().stream()
            .map(rule ->
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
                    Errors.NONE))
            .toList();
    return answered(
        CreateAclsResponseData.class,
        answer -> inOrder(asked, answer.results(), result -> result.errorCode()));
  }

  private static Asked deletedRules() {
    return answered(
        DeleteAclsResponseData.class,
        answer ->
            answer.filterResults().stream()
                .flatMap(filter -> filter.matchingAcls().stream())
                .map(rule ->
                    Changed.of(
                        "acl",
                        rule.resourceName(),
                        rule(
                            "delete",
                            rule.permissionType(),
                            rule.principal(),
                            rule.operation(),
                            rule.resourceType(),
                            rule.host()),
                        rule.errorCode())));
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
    return answered(
        AlterUserScramCredentialsResponseData.class,
        answer ->
            answer.results().stream()
                .map(user ->
                    Changed.of(
                        "user",
                        user.user(),
                        details.getOrDefault(user.user(), ""),
                        user.errorCode())));
  }

  private static Asked quotas(AlterClientQuotasRequestData request) {
    if (request.validateOnly()) {
      return NOTHING;
    }
    List<Changed> asked =
        request.entries().stream()
            .map(entry ->
                new Changed(
                    "quota",
                    entry.entity().stream()
                        .map(part -> part.entityType() + "=" + defaultOr(part.entityName()))
                        .collect(Collectors.joining(", ")),
                    entry.ops().stream()
                        .map(op -> op.remove() ? "delete " + op.key() : op.key() + "=" + op.value())
                        .collect(Collectors.joining(", ")),
                    Errors.NONE))
            .toList();
    return answered(
        AlterClientQuotasResponseData.class,
        answer -> inOrder(asked, answer.entries(), entry -> entry.errorCode()));
  }

  private static String defaultOr(@Nullable String name) {
    return name == null ? "<default>" : name;
  }

  private static Asked newToken() {
    return answered(
        CreateDelegationTokenResponseData.class,
        answer ->
            Stream.of(
                token(
                    answer.tokenId(),
                    "create for %s:%s".formatted(answer.principalType(), answer.principalName()),
                    answer.errorCode())));
  }

  /** Whoever prolongs or ends one shows its secret, which is not told; so it has no name then. */
  private static Changed token(String id, String detail, short errorCode) {
    return Changed.of("delegation token", id, detail, errorCode);
  }
}
