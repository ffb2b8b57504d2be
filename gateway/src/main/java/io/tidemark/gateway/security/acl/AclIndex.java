package io.tidemark.gateway.security.acl;

import io.tidemark.metadata.image.SecurityImage;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * Decides by Kafka's rules: who is denied is denied, whatever else is allowed; who is neither is
 * denied too, unless no rule speaks of the resource and {@code allow.everyone.if.no.acl.found} is
 * set. Finds the rules of a resource by its name, by {@code *} and by those lengths that prefixes
 * have, so that it does not matter how many there are. Pure and immutable.
 */
final class AclIndex {
  private static final String ANYBODY = "User:*";
  private static final String ANYWHERE = "*";
  private static final Set<AclOperation> IMPLY_DESCRIBE =
      Set.of(
          AclOperation.DESCRIBE,
          AclOperation.READ,
          AclOperation.WRITE,
          AclOperation.DELETE,
          AclOperation.ALTER);
  private static final Set<AclOperation> IMPLY_DESCRIBE_CONFIGS =
      Set.of(AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS);

  /** What the rules looked at so far come to. */
  private static final class Verdict {
    private boolean isSpokenOf;
    private boolean isAllowed;
    private boolean isDenied;
  }

  private final PMap<ResourcePattern, PSet<AccessControlEntry>> rules;
  private final boolean allowsUnspokenOf;
  private final Map<ResourceType, TreeSet<Integer>> prefixLengths =
      new EnumMap<>(ResourceType.class);

  AclIndex(SecurityImage image, boolean allowsUnspokenOf) {
    this.rules = image.acls();
    this.allowsUnspokenOf = allowsUnspokenOf;
    for (ResourcePattern pattern : rules.keySet()) {
      if (pattern.patternType() == PatternType.PREFIXED) {
        prefixLengths
            .computeIfAbsent(pattern.resourceType(), _ -> new TreeSet<>())
            .add(pattern.name().length());
      }
    }
  }

  boolean allows(
      String principal, String host, AclOperation operation, ResourceType type, String name) {
    Verdict verdict = new Verdict();
    look(new ResourcePattern(type, name, PatternType.LITERAL), principal, host, operation, verdict);
    look(
        new ResourcePattern(type, ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL),
        principal,
        host,
        operation,
        verdict);
    for (int length :
        prefixLengths.getOrDefault(type, new TreeSet<>()).headSet(name.length(), true)) {
      look(
          new ResourcePattern(type, name.substring(0, length), PatternType.PREFIXED),
          principal,
          host,
          operation,
          verdict);
    }
    if (!verdict.isSpokenOf) {
      return allowsUnspokenOf;
    }
    return verdict.isAllowed && !verdict.isDenied;
  }

  private void look(
      ResourcePattern pattern,
      String principal,
      String host,
      AclOperation operation,
      Verdict verdict) {
    PSet<AccessControlEntry> entries = rules.get(pattern);
    if (entries == null) {
      return;
    }
    verdict.isSpokenOf = true;
    for (AccessControlEntry entry : entries) {
      if (isAbout(entry, principal, host)) {
        verdict.isDenied |= denies(entry, operation);
        verdict.isAllowed |= allows(entry, operation);
      }
    }
  }

  private static boolean isAbout(AccessControlEntry entry, String principal, String host) {
    return (entry.principal().equals(principal) || entry.principal().equals(ANYBODY))
        && (entry.host().equals(host) || entry.host().equals(ANYWHERE));
  }

  private static boolean denies(AccessControlEntry entry, AclOperation operation) {
    return entry.permissionType() == AclPermissionType.DENY
        && (entry.operation() == operation || entry.operation() == AclOperation.ALL);
  }

  private static boolean allows(AccessControlEntry entry, AclOperation operation) {
    if (entry.permissionType() != AclPermissionType.ALLOW) {
      return false;
    }
    if (entry.operation() == AclOperation.ALL) {
      return true;
    }
    return switch (operation) {
      case DESCRIBE -> IMPLY_DESCRIBE.contains(entry.operation());
      case DESCRIBE_CONFIGS -> IMPLY_DESCRIBE_CONFIGS.contains(entry.operation());
      default -> entry.operation() == operation;
    };
  }

  /**
   * Whether some resource of the type is allowed: one that a rule allows and no rule of a wider
   * pattern denies.
   */
  boolean allowsAny(String principal, String host, AclOperation operation, ResourceType type) {
    if (allows(principal, host, operation, type, ResourcePattern.WILDCARD_RESOURCE)) {
      return true;
    }
    return rules.keySet().stream()
        .filter(pattern -> pattern.resourceType() == type)
        .filter(pattern -> allowsItself(pattern, principal, host, operation))
        .anyMatch(pattern -> allows(principal, host, operation, type, pattern.name()));
  }

  private boolean allowsItself(
      ResourcePattern pattern, String principal, String host, AclOperation operation) {
    Verdict verdict = new Verdict();
    look(pattern, principal, host, operation, verdict);
    return verdict.isAllowed;
  }
}
