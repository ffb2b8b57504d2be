package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import picocli.CommandLine.Option;

/** The flags that name rules: who, what, on which resources, from where. */
final class AclRuleOptions {
  @Option(
      names = "--principal",
      paramLabel = "User:NAME",
      description = "Who; User:* for everybody. May be repeated.")
  List<String> principals = new ArrayList<>();

  @Option(
      names = "--operation",
      paramLabel = "OPERATION",
      split = ",",
      description = "read, write, create, delete, alter, describe, … or all; several by commas.")
  List<String> operations = new ArrayList<>();

  @Option(names = "--topic", paramLabel = "NAME", description = "A topic; * for all of them.")
  List<String> topics = new ArrayList<>();

  @Option(names = "--group", paramLabel = "NAME", description = "A group; * for all of them.")
  List<String> groups = new ArrayList<>();

  @Option(
      names = "--transactional-id",
      paramLabel = "ID",
      description = "A transactional id; * for all of them.")
  List<String> transactionalIds = new ArrayList<>();

  @Option(
      names = "--delegation-token",
      paramLabel = "ID",
      description = "A delegation token; * for all of them.")
  List<String> tokens = new ArrayList<>();

  @Option(
      names = "--user",
      paramLabel = "User:NAME",
      description = "A user whose tokens are meant: create-tokens, describe-tokens.")
  List<String> users = new ArrayList<>();

  @Option(names = "--cluster", description = "The cluster itself.")
  boolean cluster;

  @Option(names = "--prefixed", description = "The names are what others begin with.")
  boolean prefixed;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "*",
      description = "From where (default: from everywhere).")
  String host = "*";

  @Option(names = "--deny", description = "Forbid instead of allowing.")
  boolean deny;

  /** Every rule the flags come to; a usage failure where one is missing. */
  List<AclBinding> rules() {
    List<ResourcePattern> resources = resources();
    if (principals.isEmpty() || operations.isEmpty() || resources.isEmpty()) {
      throw CommandFailure.usage(
          "a rule needs --principal, --operation, and one of --topic, --group,"
              + " --transactional-id, --delegation-token, --user and --cluster");
    }
    List<AclBinding> rules = new ArrayList<>();
    for (ResourcePattern resource : resources) {
      for (String principal : principals) {
        for (String operation : operations) {
          rules.add(new AclBinding(resource, entry(principal, operation)));
        }
      }
    }
    return rules;
  }

  private AccessControlEntry entry(String principal, String operation) {
    return new AccessControlEntry(
        principal,
        host,
        operation(operation),
        deny ? AclPermissionType.DENY : AclPermissionType.ALLOW);
  }

  private static AclOperation operation(String text) {
    AclOperation operation =
        AclOperation.fromString(text.strip().replace('-', '_').toUpperCase(Locale.ROOT));
    if (operation == AclOperation.UNKNOWN || operation == AclOperation.ANY) {
      throw CommandFailure.usage("--operation " + text + ": there is no such operation");
    }
    return operation;
  }

  private List<ResourcePattern> resources() {
    List<ResourcePattern> resources = new ArrayList<>();
    topics.forEach(name -> resources.add(pattern(ResourceType.TOPIC, name)));
    groups.forEach(name -> resources.add(pattern(ResourceType.GROUP, name)));
    transactionalIds.forEach(name -> resources.add(pattern(ResourceType.TRANSACTIONAL_ID, name)));
    tokens.forEach(name -> resources.add(pattern(ResourceType.DELEGATION_TOKEN, name)));
    users.forEach(name -> resources.add(pattern(ResourceType.USER, name)));
    if (cluster) {
      resources.add(
          new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL));
    }
    return resources;
  }

  private ResourcePattern pattern(ResourceType type, String name) {
    return new ResourcePattern(type, name, prefixed ? PatternType.PREFIXED : PatternType.LITERAL);
  }
}
