package io.tidemark.tests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateDelegationTokenOptions;
import org.apache.kafka.clients.admin.DescribeDelegationTokenOptions;
import org.apache.kafka.clients.admin.ExpireDelegationTokenOptions;
import org.apache.kafka.clients.admin.RenewDelegationTokenOptions;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.DelegationTokenAuthorizationException;
import org.apache.kafka.common.errors.DelegationTokenNotFoundException;
import org.apache.kafka.common.errors.DelegationTokenOwnerMismatchException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedByAuthenticationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delegation tokens, made and used by the Java client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DelegationTokenIT {
  private NodeFixture node;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    Files.writeString(
        home.resolve("users"), "admin=a\nalice=a\nbob=b\ncarol=c\neve=e\nleaving=l\n");
    node =
        new NodeFixture(home)
            .with("listeners", "PLAINTEXT://127.0.0.1:0,SASL_PLAINTEXT://127.0.0.1:0")
            .with("inter.broker.listener.name", "PLAINTEXT")
            .with("sasl.enabled.mechanisms", "SCRAM-SHA-256,SCRAM-SHA-512")
            .with("tidemark.bootstrap.users.file", home.resolve("users").toString())
            .with(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .with("super.users", "User:admin;User:ANONYMOUS")
            .with("delegation.token.secret.key", "a key that all nodes share")
            .start();
    try (Admin admin = client("admin", "a").admin()) {
      admin
          .createAcls(
              List.of(
                  rule("alice", AclOperation.CREATE, ResourceType.TOPIC, "*"),
                  rule("alice", AclOperation.WRITE, ResourceType.TOPIC, "*"),
                  rule("bob", AclOperation.CREATE_TOKENS, ResourceType.USER, "User:alice")))
          .all()
          .get();
    }
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private static AclBinding rule(
      String user, AclOperation operation, ResourceType type, String name) {
    return new AclBinding(
        new ResourcePattern(type, name, PatternType.LITERAL),
        new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
  }

  private SecureClient client(String user, String password) {
    return client("SCRAM-SHA-256", user, password, "");
  }

  private SecureClient client(String mechanism, String user, String password, String more) {
    return SecureClient.of(
        node,
        "SASL_PLAINTEXT",
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            mechanism,
            "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\"%s;"
                .formatted(user, password, more)));
  }

  private SecureClient holder(DelegationToken token) {
    return holder("SCRAM-SHA-256", token);
  }

  private SecureClient holder(String mechanism, DelegationToken token) {
    return client(
        mechanism, token.tokenInfo().tokenId(), token.hmacAsBase64String(), " tokenauth=\"true\"");
  }

  private DelegationToken create(Admin admin, CreateDelegationTokenOptions options)
      throws Exception {
    return admin.createDelegationToken(options).delegationToken().get();
  }

  private DelegationToken tokenOf(String user, String password) throws Exception {
    try (Admin admin = client(user, password).admin()) {
      return create(admin, new CreateDelegationTokenOptions());
    }
  }

  private static @Nullable Throwable cause(@Nullable Throwable thrown) {
    return thrown == null ? null : thrown.getCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-512"})
  void whoHasATokenIsItsOwner(String mechanism) throws Exception {
    DelegationToken token = tokenOf("alice", "a");
    assertThat(token.tokenInfo().ownerAsString()).isEqualTo("User:alice");
    String topic = "by-token-" + mechanism.toLowerCase(Locale.ROOT);
    holder(mechanism, token).create(topic);
    holder(mechanism, token).produce(topic, new byte[] {1});
  }

  @Test
  void aTokenMakesNoTokens() throws Exception {
    DelegationToken token = tokenOf("alice", "a");
    try (Admin admin = holder(token).admin()) {
      assertThat(cause(catchThrowable(() -> create(admin, new CreateDelegationTokenOptions()))))
          .isInstanceOf(UnsupportedByAuthenticationException.class);
      assertThat(
              cause(catchThrowable(() -> admin.describeDelegationToken().delegationTokens().get())))
          .isInstanceOf(UnsupportedByAuthenticationException.class);
    }
  }

  @Test
  void whoIsNotKnownMakesNoTokens() throws Exception {
    try (Admin admin = SecureClient.of(node, "PLAINTEXT", Map.of()).admin()) {
      assertThat(cause(catchThrowable(() -> create(admin, new CreateDelegationTokenOptions()))))
          .isInstanceOf(UnsupportedByAuthenticationException.class);
    }
  }

  @Test
  void aWrongSecretAndAnUnknownTokenAreRefused() throws Exception {
    String id = tokenOf("alice", "a").tokenInfo().tokenId();
    for (String name : List.of(id, "no-such-token")) {
      SecureClient stranger = client("SCRAM-SHA-256", name, "Z3Vlc3M=", " tokenauth=\"true\"");
      try (Admin admin = stranger.admin()) {
        assertThat(cause(catchThrowable(() -> admin.describeCluster().nodes().get())))
            .isInstanceOf(SaslAuthenticationException.class);
      }
    }
  }

  @Test
  void renewersProlongATokenAndItsOwnerEndsIt() throws Exception {
    DelegationToken token;
    try (Admin alice = client("alice", "a").admin();
        Admin bob = client("bob", "b").admin();
        Admin eve = client("eve", "e").admin()) {
      token =
          create(
              alice,
              new CreateDelegationTokenOptions()
                  .renewers(List.of(new KafkaPrincipal("User", "bob")))
                  .maxLifetimeMs(3_600_000));
      long shorter =
          bob.renewDelegationToken(
                  token.hmac(), new RenewDelegationTokenOptions().renewTimePeriodMs(60_000))
              .expiryTimestamp()
              .get();
      assertThat(shorter).isLessThan(token.tokenInfo().maxTimestamp());
      assertThat(
              cause(
                  catchThrowable(
                      () -> eve.renewDelegationToken(token.hmac()).expiryTimestamp().get())))
          .isInstanceOf(DelegationTokenOwnerMismatchException.class);
      alice
          .expireDelegationToken(
              token.hmac(), new ExpireDelegationTokenOptions().expiryTimePeriodMs(-1))
          .expiryTimestamp()
          .get();
      assertThat(
              cause(
                  catchThrowable(
                      () -> bob.renewDelegationToken(token.hmac()).expiryTimestamp().get())))
          .isInstanceOf(DelegationTokenNotFoundException.class);
    }
    try (Admin gone = holder(token).admin()) {
      assertThat(cause(catchThrowable(() -> gone.describeCluster().nodes().get())))
          .isInstanceOf(SaslAuthenticationException.class);
    }
  }

  @Test
  @Scenario("S-188")
  void tokensOfOthersAreMadeAndSeenOnlyByRule() throws Exception {
    KafkaPrincipal alice = new KafkaPrincipal("User", "alice");
    try (Admin bob = client("bob", "b").admin();
        Admin eve = client("eve", "e").admin()) {
      DelegationToken token = create(bob, new CreateDelegationTokenOptions().owner(alice));
      assertThat(token.tokenInfo().ownerAsString()).isEqualTo("User:alice");
      assertThat(token.tokenInfo().tokenRequester().getName()).isEqualTo("bob");
      assertThat(
              cause(
                  catchThrowable(
                      () -> create(eve, new CreateDelegationTokenOptions().owner(alice)))))
          .isInstanceOf(DelegationTokenAuthorizationException.class);
      assertThat(ids(bob)).contains(token.tokenInfo().tokenId());
      assertThat(ids(eve)).isEmpty();
      try (Admin admin = client("admin", "a").admin()) {
        admin
            .createAcls(
                List.of(rule("eve", AclOperation.DESCRIBE_TOKENS, ResourceType.USER, "User:alice")))
            .all()
            .get();
      }
      assertThat(ids(eve)).contains(token.tokenInfo().tokenId());
    }
  }

  private static List<String> ids(Admin admin) throws Exception {
    return admin
        .describeDelegationToken(new DescribeDelegationTokenOptions())
        .delegationTokens()
        .get()
        .stream()
        .map(token -> token.tokenInfo().tokenId())
        .toList();
  }

  @Test
  @Scenario("S-188")
  void theTokenOfADeletedUserIsNoLongerGood() throws Exception {
    DelegationToken token = tokenOf("leaving", "l");
    try (Admin admin = client("admin", "a").admin()) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialDeletion("leaving", ScramMechanism.SCRAM_SHA_256),
                  new UserScramCredentialDeletion("leaving", ScramMechanism.SCRAM_SHA_512)))
          .all()
          .get();
    }
    try (Admin gone = holder(token).admin()) {
      assertThat(cause(catchThrowable(() -> gone.describeCluster().nodes().get())))
          .isInstanceOf(SaslAuthenticationException.class);
    }
  }
}
