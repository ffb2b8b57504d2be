package io.tidemark.tests.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.gateway.security.tls.TestAuthority;
import io.tidemark.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnacceptableCredentialException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SASL on a node's listeners, with the Java client's own mechanisms. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthenticationIT {
  private static final String MODULES = "org.apache.kafka.common.security.";
  private static final String ISSUER = "https://issuer.test";

  private Path folder;
  private NodeFixture node;
  private TokenKey issuer;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    folder = Files.createDirectories(home.resolve("auth"));
    TestAuthority authority = TestAuthority.named("Test authority");
    authority.issue("node-1", "127.0.0.1").writePem(folder.resolve("node.pem"));
    authority.writePem(folder.resolve("authority.pem"));
    issuer = TokenKey.named("one");
    Files.writeString(folder.resolve("keys.json"), TokenKey.set(List.of(issuer)));
    Files.writeString(folder.resolve("users"), "first=first-secret\n");
    node =
        new NodeFixture(home)
            .with(
                "listeners",
                "PLAINTEXT://127.0.0.1:0,SASL_PLAINTEXT://127.0.0.1:0,SASL_SSL://127.0.0.1:0,AGAIN://127.0.0.1:0")
            .with("listener.security.protocol.map", "AGAIN:SASL_PLAINTEXT")
            .with("ssl.keystore.type", "PEM")
            .with("ssl.keystore.location", folder.resolve("node.pem").toString())
            .with("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER")
            .with("listener.name.again.sasl.enabled.mechanisms", "SCRAM-SHA-256")
            .with("listener.name.again.connections.max.reauth.ms", "1500")
            .with("listener.name.sasl_plaintext.plain.sasl.jaas.config", plainUsers())
            .with("listener.name.sasl_ssl.plain.sasl.jaas.config", plainUsers())
            .with("sasl.oauthbearer.jwks.endpoint.url", folder.resolve("keys.json").toUri() + "")
            .with("sasl.oauthbearer.expected.issuer", ISSUER)
            .with("sasl.oauthbearer.expected.audience", "tidemark")
            .with("tidemark.bootstrap.users.file", folder.resolve("users").toString())
            .start();
    create("alice", "alice-secret", ScramMechanism.SCRAM_SHA_256, 4096);
    create("alice", "alice-secret", ScramMechanism.SCRAM_SHA_512, 8192);
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private static String plainUsers() {
    return MODULES + "plain.PlainLoginModule required user_alice=\"alice-secret\" user_bob=\"b\";";
  }

  private void create(String user, String password, ScramMechanism mechanism, int iterations)
      throws Exception {
    try (Admin admin = SecureClient.of(node, "PLAINTEXT", Map.of()).admin()) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      user, new ScramCredentialInfo(mechanism, iterations), password)))
          .all()
          .get();
    }
  }

  private SecureClient client(String listener, String mechanism, String user, String password) {
    String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
    return base(listener, mechanism)
        .with(
            "sasl.jaas.config",
            "%s%s required username=\"%s\" password=\"%s\";"
                .formatted(MODULES, module, user, password));
  }

  private SecureClient base(String listener, String mechanism) {
    Map<String, Object> config = new HashMap<>();
    config.put("security.protocol", listener.equals("SASL_SSL") ? "SASL_SSL" : "SASL_PLAINTEXT");
    config.put("sasl.mechanism", mechanism);
    config.put("ssl.truststore.type", "PEM");
    config.put("ssl.truststore.location", folder.resolve("authority.pem").toString());
    return SecureClient.of(node, listener, config);
  }

  private SecureClient withToken(String listener, String token) {
    return base(listener, "OAUTHBEARER")
        .with("sasl.login.callback.handler.class", GivenToken.class.getName())
        .with(
            "sasl.jaas.config",
            MODULES + "oauthbearer.OAuthBearerLoginModule required token=\"%s\";".formatted(token));
  }

  @ParameterizedTest
  @CsvSource({
    "SASL_PLAINTEXT,PLAIN",
    "SASL_PLAINTEXT,SCRAM-SHA-256",
    "SASL_PLAINTEXT,SCRAM-SHA-512",
    "SASL_SSL,PLAIN",
    "SASL_SSL,SCRAM-SHA-256",
    "SASL_SSL,SCRAM-SHA-512"
  })
  void whoeverKnowsThePasswordGetsIn(String listener, String mechanism) throws Exception {
    SecureClient client = client(listener, mechanism, "alice", "alice-secret");
    String topic = listener + "-" + mechanism;
    client.create(topic);
    client.produce(topic, "hello".getBytes(UTF_8));
    assertThat(client.consume(topic, 1)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"SASL_PLAINTEXT", "SASL_SSL"})
  void aGoodTokenGetsIn(String listener) throws Exception {
    SecureClient client = withToken(listener, issuer.token("alice", "tidemark", ISSUER, 3600));
    client.create("token-" + listener);
  }

  @Test
  void tokensOfOthersForOthersAndOfThePastDoNot() throws Exception {
    for (String token :
        List.of(
            issuer.token("alice", "tidemark", "https://elsewhere.test", 3600),
            issuer.token("alice", "somebody-else", ISSUER, 3600),
            issuer.token("alice", "tidemark", ISSUER, -600))) {
      assertThat(failure(withToken("SASL_PLAINTEXT", token)))
          .isInstanceOf(SaslAuthenticationException.class);
    }
  }

  @Test
  @Scenario("S-187")
  void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() {
    for (String mechanism : List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")) {
      List<String> answers = new ArrayList<>();
      for (String user : List.of("alice", "nobody")) {
        Throwable failure = failure(client("SASL_PLAINTEXT", mechanism, user, "guess"));
        assertThat(failure).isInstanceOf(SaslAuthenticationException.class);
        answers.add(failure.getMessage());
      }
      assertThat(answers.get(0)).isEqualTo(answers.get(1));
    }
  }

  @Test
  @Scenario("S-186")
  void aMechanismThatIsNotEnabledIsRefused() {
    assertThat(failure(client("AGAIN", "SCRAM-SHA-512", "alice", "alice-secret")))
        .isInstanceOf(UnsupportedSaslMechanismException.class);
  }

  /** What the client meets; fails when it meets nothing. */
  private static Throwable failure(SecureClient client) {
    try (Admin admin = client.with("default.api.timeout.ms", 60_000).admin()) {
      Throwable failure = catchThrowable(() -> admin.describeCluster().nodes().get());
      assertThat(failure).isNotNull();
      return failure.getCause();
    }
  }

  @Test
  @Scenario("S-187")
  void tooFewIterationsAreRefused() {
    Throwable failure =
        catchThrowable(() -> create("weak", "weak", ScramMechanism.SCRAM_SHA_256, 4095));
    assertThat(failure).hasCauseInstanceOf(UnacceptableCredentialException.class);
  }

  @Test
  void usersOfTheBootstrapFileExistFromTheFirstStart() throws Exception {
    client("SASL_PLAINTEXT", "SCRAM-SHA-512", "first", "first-secret").create("of-the-first");
    try (Admin admin = SecureClient.of(node, "PLAINTEXT", Map.of()).admin()) {
      assertThat(admin.describeUserScramCredentials().all().get().get("first").credentialInfos())
          .hasSize(2);
    }
  }

  @Test
  void aUserWhoIsDeletedGetsInNoMore() throws Exception {
    create("leaver", "leaver-secret", ScramMechanism.SCRAM_SHA_256, 4096);
    SecureClient leaver = client("SASL_PLAINTEXT", "SCRAM-SHA-256", "leaver", "leaver-secret");
    leaver.create("left-behind");
    try (Admin admin = SecureClient.of(node, "PLAINTEXT", Map.of()).admin()) {
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialDeletion("leaver", ScramMechanism.SCRAM_SHA_256)))
          .all()
          .get();
    }
    assertThat(failure(leaver)).isInstanceOf(SaslAuthenticationException.class);
  }

  @Test
  void whoeverComesBackInTimeStaysConnected() throws Exception {
    SecureClient client = client("AGAIN", "SCRAM-SHA-256", "alice", "alice-secret");
    client.create("again");
    try (KafkaProducer<byte[], byte[]> producer = client.producer()) {
      long endsAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
      long givesUpAt = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (System.nanoTime() < endsAt
          || (reauthentications(producer) == 0 && System.nanoTime() < givesUpAt)) {
        producer.send(new ProducerRecord<>("again", 0, null, new byte[] {1})).get();
      }
      assertThat(reauthentications(producer)).isPositive();
    }
  }

  private static double reauthentications(KafkaProducer<byte[], byte[]> producer) {
    return producer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("successful-reauthentication-total"))
        .mapToDouble(metric -> (double) metric.getValue().metricValue())
        .sum();
  }
}
