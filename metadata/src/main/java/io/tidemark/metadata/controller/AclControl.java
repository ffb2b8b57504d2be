package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsMatchingAcl;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreateAclsRequest;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.internals.SecurityUtils;

/** Adds and removes rules of who may do what. Each rule of a request stands for itself. */
final class AclControl {
  /** Looking one up does not depend on how many there are, but images and requests do. */
  static final int MAX_ACLS = 100_000;

  private AclControl() {}

  static Function<ClusterImage, CreateAclsResponseData> create(
      Draft draft, CreateAclsRequestData request) {
    List<AclCreationResult> results = new ArrayList<>();
    Set<AclBinding> added = new HashSet<>();
    for (AclCreation creation : request.creations()) {
      results.add(result(draft, creation, added));
    }
    added.forEach(acl -> draft.add(new Event.AclCreated(acl)));
    return _ -> new CreateAclsResponseData().setResults(results);
  }

  private static AclCreationResult result(
      Draft draft, AclCreation creation, Set<AclBinding> added) {
    try {
      AclBinding acl = CreateAclsRequest.aclBinding(creation);
      validate(acl);
      if (!draft.image().security().contains(acl)) {
        requireRoom(draft, added.size());
        added.add(acl);
      }
      return new AclCreationResult();
    } catch (ApiException e) {
      return new AclCreationResult()
          .setErrorCode(Errors.forException(e).code())
          .setErrorMessage(e.getMessage());
    } catch (IllegalArgumentException e) {
      return new AclCreationResult()
          .setErrorCode(Errors.INVALID_REQUEST.code())
          .setErrorMessage(e.getMessage());
    }
  }

  private static void requireRoom(Draft draft, int added) {
    long known = draft.image().security().bindings().limit(MAX_ACLS).count();
    if (known + added >= MAX_ACLS) {
      throw new PolicyViolationException(
          "There are " + MAX_ACLS + " ACLs already, and no more fit");
    }
  }

  private static void validate(AclBinding acl) {
    ResourceType type = acl.pattern().resourceType();
    String name = acl.pattern().name();
    if (type == ResourceType.UNKNOWN || type == ResourceType.ANY) {
      throw new InvalidRequestException("An ACL needs a type of resource, not " + type);
    }
    PatternType pattern = acl.pattern().patternType();
    if (pattern != PatternType.LITERAL && pattern != PatternType.PREFIXED) {
      throw new InvalidRequestException("An ACL is literal or prefixed, not " + pattern);
    }
    if (name == null || name.isEmpty()) {
      throw new InvalidRequestException("An ACL needs the name of a resource");
    }
    if (type == ResourceType.CLUSTER && !name.equals(Resource.CLUSTER_NAME)) {
      throw new InvalidRequestException(
          "The cluster's resource is called " + Resource.CLUSTER_NAME + ", not " + name);
    }
    validateEntry(acl);
  }

  private static void validateEntry(AclBinding acl) {
    AclOperation operation = acl.entry().operation();
    AclPermissionType permission = acl.entry().permissionType();
    if (operation == AclOperation.UNKNOWN || operation == AclOperation.ANY) {
      throw new InvalidRequestException("An ACL is about an operation, not " + operation);
    }
    if (permission != AclPermissionType.ALLOW && permission != AclPermissionType.DENY) {
      throw new InvalidRequestException("An ACL allows or denies, it cannot be " + permission);
    }
    if (acl.entry().host() == null || acl.entry().host().isEmpty()) {
      throw new InvalidRequestException("An ACL needs a host, * for every one");
    }
    KafkaPrincipal principal = SecurityUtils.parseKafkaPrincipal(acl.entry().principal());
    if (principal.getName().isEmpty()) {
      throw new InvalidRequestException("An ACL needs a principal with a name");
    }
  }

  static Function<ClusterImage, DeleteAclsResponseData> delete(
      Draft draft, DeleteAclsRequestData request) {
    List<DeleteAclsFilterResult> results = new ArrayList<>();
    Set<AclBinding> removed = new HashSet<>();
    for (DeleteAclsFilter wanted : request.filters()) {
      AclBindingFilter filter = filter(wanted);
      DeleteAclsFilterResult result = new DeleteAclsFilterResult();
      if (filter.isUnknown()) {
        result
            .setErrorCode(Errors.INVALID_REQUEST.code())
            .setErrorMessage("The filter names something unknown");
      } else {
        draft
            .image()
            .security()
            .bindings()
            .filter(filter::matches)
            .forEach(acl -> {
              removed.add(acl);
              result.matchingAcls().add(matching(acl));
            });
      }
      results.add(result);
    }
    removed.forEach(acl -> draft.add(new Event.AclDeleted(acl)));
    return _ -> new DeleteAclsResponseData().setFilterResults(results);
  }

  private static AclBindingFilter filter(DeleteAclsFilter wanted) {
    return new AclBindingFilter(
        new ResourcePatternFilter(
            ResourceType.fromCode(wanted.resourceTypeFilter()),
            wanted.resourceNameFilter(),
            PatternType.fromCode(wanted.patternTypeFilter())),
        new AccessControlEntryFilter(
            wanted.principalFilter(),
            wanted.hostFilter(),
            AclOperation.fromCode(wanted.operation()),
            AclPermissionType.fromCode(wanted.permissionType())));
  }

  private static DeleteAclsMatchingAcl matching(AclBinding acl) {
    return new DeleteAclsMatchingAcl()
        .setResourceType(acl.pattern().resourceType().code())
        .setResourceName(acl.pattern().name())
        .setPatternType(acl.pattern().patternType().code())
        .setPrincipal(acl.entry().principal())
        .setHost(acl.entry().host())
        .setOperation(acl.entry().operation().code())
        .setPermissionType(acl.entry().permissionType().code());
  }
}
