package io.tidemark.gateway.security.acl;

import static org.apache.kafka.common.acl.AclOperation.ALL;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.acl.AclPermissionType.ALLOW;
import static org.apache.kafka.common.acl.AclPermissionType.DENY;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.SecurityImage;
import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthoriserTest {
  private static final KafkaPrincipal ALICE = new KafkaPrincipal("User", "alice");
  private static final KafkaPrincipal ROOT = new KafkaPrincipal("User", "root");

  private final Authoriser authoriser = new Authoriser(true, Set.of(ROOT), false);
  private SecurityImage image = SecurityImage.EMPTY;
  private InetAddress host;
  private Access alice;

  @BeforeEach
  void connect() throws UnknownHostException {
    host = InetAddress.getByName("10.0.0.1");
    alice = authoriser.access(ALICE, host);
  }

  private void rule(
      AclPermissionType permission,
      AclOperation operation,
      String topic,
      PatternType pattern,
      String principal,
      String from) {
    image =
        image.with(
            new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, pattern),
                new AccessControlEntry(principal, from, operation, permission)));
    authoriser.update(image);
  }

  private void rule(AclPermissionType permission, AclOperation operation, String topic) {
    rule(permission, operation, topic, PatternType.LITERAL, "User:alice", "*");
  }

  @Test
  void nothingIsAllowedThatNoRuleAllows() {
    assertThat(alice.mayOnTopic(READ, "t")).isFalse();
    rule(ALLOW, WRITE, "t");
    assertThat(alice.mayOnTopic(READ, "t")).isFalse();
    assertThat(alice.mayOnTopic(WRITE, "t")).isTrue();
    assertThat(alice.mayOnTopic(WRITE, "u")).isFalse();
    assertThat(alice.mayOnGroup(WRITE, "t")).isFalse();
    assertThat(alice.mayOnTopic(WRITE, "")).isFalse();
  }

  @Test
  void someRightsBringOthersWithThem() {
    rule(ALLOW, READ, "t");
    assertThat(alice.mayOnTopic(DESCRIBE, "t")).isTrue();
    assertThat(alice.mayOnTopic(DESCRIBE_CONFIGS, "t")).isFalse();
    rule(ALLOW, ALTER_CONFIGS, "t");
    assertThat(alice.mayOnTopic(DESCRIBE_CONFIGS, "t")).isTrue();
    rule(ALLOW, ALL, "u");
    assertThat(alice.mayOnTopic(WRITE, "u")).isTrue();
    rule(ALLOW, DESCRIBE, "v");
    assertThat(alice.mayOnTopic(READ, "v")).isFalse();
  }

  @Test
  void denyingBeatsAllowingWhereverItStands() {
    rule(ALLOW, ALL, "orders", PatternType.PREFIXED, "User:*", "*");
    assertThat(alice.mayOnTopic(WRITE, "orders-eu")).isTrue();
    rule(DENY, WRITE, "*");
    assertThat(alice.mayOnTopic(WRITE, "orders-eu")).isFalse();
    assertThat(alice.mayOnTopic(READ, "orders-eu")).isTrue();
    rule(DENY, ALL, "orders-e", PatternType.PREFIXED, "User:alice", "*");
    assertThat(alice.mayOnTopic(READ, "orders-eu")).isFalse();
    assertThat(alice.mayOnTopic(READ, "orders-us")).isTrue();
  }

  @Test
  void denyingOneRightDoesNotDenyThoseThatBringIt() {
    rule(ALLOW, READ, "t");
    rule(DENY, DESCRIBE, "t");
    assertThat(alice.mayOnTopic(READ, "t")).isTrue();
    assertThat(alice.mayOnTopic(DESCRIBE, "t")).isFalse();
  }

  @Test
  void hostsAndPrincipalsMustBeTheRightOnes() throws UnknownHostException {
    rule(ALLOW, READ, "t", PatternType.LITERAL, "User:alice", "10.0.0.1");
    rule(ALLOW, READ, "u", PatternType.LITERAL, "User:bob", "*");
    rule(ALLOW, READ, "v", PatternType.LITERAL, "User:*", "*");
    Access elsewhere = authoriser.access(ALICE, InetAddress.getByName("10.0.0.2"));
    assertThat(alice.mayOnTopic(READ, "t")).isTrue();
    assertThat(elsewhere.mayOnTopic(READ, "t")).isFalse();
    assertThat(alice.mayOnTopic(READ, "u")).isFalse();
    assertThat(elsewhere.mayOnTopic(READ, "v")).isTrue();
  }

  @Test
  void superUsersMayEverything() {
    rule(DENY, ALL, "*", PatternType.LITERAL, "User:root", "*");
    Access root = authoriser.access(ROOT, host);
    assertThat(root.mayOnTopic(WRITE, "t")).isTrue();
    assertThat(root.isUnlimited()).isTrue();
    assertThat(alice.isUnlimited()).isFalse();
  }

  @Test
  void whereNoRuleSpeaksEverybodyMayIfThatIsSet() {
    Authoriser generous = new Authoriser(true, Set.of(), true);
    Access access = generous.access(ALICE, host);
    assertThat(access.mayOnTopic(WRITE, "t")).isTrue();
    rule(ALLOW, READ, "t", PatternType.LITERAL, "User:bob", "*");
    generous.update(image);
    assertThat(access.mayOnTopic(WRITE, "t")).isFalse();
    assertThat(access.mayOnTopic(WRITE, "u")).isTrue();
  }

  @Test
  @Scenario("S-189")
  void whatIsRememberedIsForgottenWhenTheRulesChange() {
    rule(ALLOW, READ, "t");
    assertThat(alice.mayOnTopic(READ, "t")).isTrue();
    authoriser.update(SecurityImage.EMPTY);
    assertThat(alice.mayOnTopic(READ, "t")).isFalse();
  }

  @Test
  void anyTopicWillDoUnlessAWiderRuleDeniesIt() {
    assertThat(alice.mayOnAny(WRITE, ResourceType.TOPIC)).isFalse();
    rule(ALLOW, WRITE, "orders", PatternType.PREFIXED, "User:alice", "*");
    assertThat(alice.mayOnAny(WRITE, ResourceType.TOPIC)).isTrue();
    assertThat(alice.mayOnAny(READ, ResourceType.TOPIC)).isFalse();
    rule(DENY, WRITE, "*");
    assertThat(alice.mayOnAny(WRITE, ResourceType.TOPIC)).isFalse();
  }
}
