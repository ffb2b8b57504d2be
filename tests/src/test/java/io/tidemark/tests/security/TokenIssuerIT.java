package io.tidemark.tests.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.oauthbearer.ClientJwtValidator;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * OAUTHBEARER with an issuer over HTTP: the Java client asks it for tokens with its own credentials
 * and the node for the keys. The issuer's clients are users here; {@code service} may do anything.
 */
class TokenIssuerIT {
  private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private TokenIssuer issuer;
  private NodeFixture node;

  @BeforeEach
  void start(@TempDir Path home) throws Exception {
    issuer = new TokenIssuer("service-secret");
    System.setProperty(ALLOWED_URLS, issuer.tokenUrl());
    node =
        new NodeFixture(home)
            .with("listeners", "PLAINTEXT://127.0.0.1:0,SASL_PLAINTEXT://127.0.0.1:0")
            .with("inter.broker.listener.name", "PLAINTEXT")
            .with("sasl.enabled.mechanisms", "OAUTHBEARER")
            .with("sasl.oauthbearer.jwks.endpoint.url", issuer.keysUrl())
            .with("sasl.oauthbearer.jwks.endpoint.refresh.ms", "1000")
            .with("sasl.oauthbearer.expected.issuer", TokenIssuer.NAME)
            .with("sasl.oauthbearer.expected.audience", TokenIssuer.AUDIENCE)
            .with("authorizer.class.name", "StandardAuthorizer")
            .with("super.users", "User:ANONYMOUS;User:service")
            .start();
  }

  @AfterEach
  void stop() {
    System.clearProperty(ALLOWED_URLS);
    node.close();
    issuer.close();
  }

  /** Asks the issuer by itself, as it does in production. */
  private SecureClient client(String id, String secret) {
    return base()
        .with("sasl.oauthbearer.token.endpoint.url", issuer.tokenUrl())
        .with("sasl.login.callback.handler.class", OAuthBearerLoginCallbackHandler.class.getName())
        .with("sasl.oauthbearer.jwt.validator.class", ClientJwtValidator.class.getName())
        .with(
            "sasl.jaas.config",
            "%s required clientId=\"%s\" clientSecret=\"%s\" scope=\"records\";"
                .formatted(OAuthBearerLoginModule.class.getName(), id, secret));
  }

  /** Has a token already. */
  private SecureClient holder(String token) {
    return base()
        .with("sasl.login.callback.handler.class", GivenToken.class.getName())
        .with(
            "sasl.jaas.config",
            "%s required token=\"%s\";".formatted(OAuthBearerLoginModule.class.getName(), token));
  }

  private SecureClient base() {
    return SecureClient.of(
        node,
        "SASL_PLAINTEXT",
        Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "OAUTHBEARER"));
  }

  private static void getsIn(SecureClient client) throws Exception {
    try (Admin admin = client.admin()) {
      assertThat(admin.describeCluster().nodes().get()).isNotEmpty();
    }
  }

  @Test
  void whoHasTheIssuersCredentialsIsTheUserThatItsTokenNames() throws Exception {
    SecureClient service = client("service", "service-secret");
    service.create("by-token");
    service.produce("by-token", "hello".getBytes(UTF_8));
    assertThat(service.consume("by-token", 1)).hasSize(1);
    assertThat(issuer.given()).isPositive();
    assertThat(
            catchThrowable(
                () -> client("somebody", "service-secret").produce("by-token", new byte[1])))
        .isNotNull();
  }

  @Test
  @Scenario("S-186")
  void whoHasNotGetsNoToken() {
    assertThat(catchThrowable(() -> client("service", "guessed").create("never")))
        .hasStackTraceContaining("401");
    assertThat(issuer.given()).isZero();
  }

  @Test
  void keysThatTheIssuerChangesAreTakenOverAndThoseOfBeforeAreNotGoodAnyMore() throws Exception {
    String before = issuer.token("service");
    getsInSoon(before);

    issuer.changeKey("second");

    getsInSoon(issuer.token("service"));
    try (Admin late = holder(before).admin()) {
      assertThat(catchThrowable(() -> late.describeCluster().nodes().get()))
          .hasCauseInstanceOf(SaslAuthenticationException.class);
    }
  }

  /** The keys may be on their way still. */
  private void getsInSoon(String token) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThatCode(() -> getsIn(holder(token))).doesNotThrowAnyException());
  }

  @Test
  void whileTheIssuerIsAwayItsKeysHold() {
    String token = issuer.token("service");
    getsInSoon(token);
    issuer.close();
    assertThatCode(() -> getsIn(holder(token))).doesNotThrowAnyException();
  }

  /** As long as the connection lives the client has to come back before each token ends. */
  @Test
  @Scenario("S-186")
  void aConnectionGoesOnWithTheNextToken() throws Exception {
    getsInSoon(issuer.token("service"));
    issuer.liveFor(12);
    SecureClient service =
        client("service", "service-secret")
            .with("sasl.login.refresh.min.period.seconds", (short) 1)
            .with("sasl.login.refresh.buffer.seconds", (short) 1)
            .with("sasl.login.refresh.window.factor", 0.5)
            .with("sasl.login.refresh.window.jitter", 0.0);
    service.create("going-on");
    try (KafkaProducer<byte[], byte[]> producer = service.producer()) {
      await()
          .atMost(PATIENCE)
          .until(() -> {
            producer.send(new ProducerRecord<>("going-on", 0, null, new byte[1])).get();
            return reauthentications(producer) > 0;
          });
    }
    assertThat(issuer.given()).isGreaterThan(1);
  }

  private static double reauthentications(KafkaProducer<byte[], byte[]> producer) {
    return producer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("successful-reauthentication-total"))
        .mapToDouble(metric -> (double) metric.getValue().metricValue())
        .sum();
  }
}
