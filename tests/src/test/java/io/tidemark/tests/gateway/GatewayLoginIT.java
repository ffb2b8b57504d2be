package io.tidemark.tests.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.security.tls.TestAuthority;
import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Users that the cluster knows by SCRAM credentials or certificates log in at a gateway, and have
 * and lose their rights there as at a broker.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayLoginIT {
  private static final String MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SCRAM = "SCRAM";
  private static final String AGAIN = "AGAIN"; // who comes by it logs in again each second
  private static final String MUTUAL = "MUTUAL";

  private Path authorityFile;
  private TestAuthority authority;
  private GatewayCluster cluster;
  private Admin root;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    authorityFile = home.resolve("authority.pem");
    authority = TestAuthority.named("Test authority");
    authority.writePem(authorityFile);
    authority.issue("gateway", "127.0.0.1").writePem(home.resolve("gateway.pem"));
    cluster =
        new GatewayCluster(home)
            .with(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .with("super.users", "User:ANONYMOUS")
            .withGateways(
                "listeners", "SCRAM://127.0.0.1:0,AGAIN://127.0.0.1:0,MUTUAL://127.0.0.1:0")
            .withGateways(
                "listener.security.protocol.map",
                "NODES:PLAINTEXT,CONTROLLER:PLAINTEXT,SCRAM:SASL_PLAINTEXT,AGAIN:SASL_PLAINTEXT,MUTUAL:SSL")
            .withGateways("sasl.enabled.mechanisms", "SCRAM-SHA-256")
            .withGateways("listener.name.again.connections.max.reauth.ms", "1000")
            .withGateways("listener.name.mutual.ssl.client.auth", "required")
            .withGateways("listener.name.mutual.ssl.keystore.type", "PEM")
            .withGateways(
                "listener.name.mutual.ssl.keystore.location",
                home.resolve("gateway.pem").toString())
            .withGateways("listener.name.mutual.ssl.truststore.type", "PEM")
            .withGateways("listener.name.mutual.ssl.truststore.location", authorityFile.toString())
            .withGateways(
                "listener.name.mutual.ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/")
            .start(1, 1);
    root = cluster.adminOf(1);
    root.createTopics(
            List.of(new NewTopic("orders", 1, (short) 1), new NewTopic("payroll", 1, (short) 1)))
        .all()
        .get();
  }

  @AfterAll
  void stop() {
    root.close();
    cluster.close();
  }

  private void create(String user) throws Exception {
    root.alterUserScramCredentials(
            List.of(
                new UserScramCredentialUpsertion(
                    user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), user)))
        .all()
        .get();
  }

  private static AclBinding mayWrite(String user, String host) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, "orders", PatternType.LITERAL),
        new AccessControlEntry("User:" + user, host, AclOperation.WRITE, AclPermissionType.ALLOW));
  }

  private void allow(String user, String host) throws Exception {
    root.createAcls(List.of(mayWrite(user, host))).all().get();
  }

  private Map<String, Object> client(String listener, String user, String password) {
    return GatewayCluster.client(
        cluster.bootstrap(GatewayCluster.FIRST_GATEWAY, listener),
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "SCRAM-SHA-256",
            "sasl.jaas.config",
            "%s required username=\"%s\" password=\"%s\";".formatted(MODULE, user, password)));
  }

  private Map<String, Object> holder(TestAuthority.Issued certificate) throws Exception {
    Map<String, Object> config = stranger();
    config.put("ssl.keystore.type", "PEM");
    config.put("ssl.keystore.key", certificate.keyPem());
    config.put("ssl.keystore.certificate.chain", certificate.chainPem());
    return config;
  }

  private Map<String, Object> stranger() {
    return GatewayCluster.client(
        cluster.bootstrap(GatewayCluster.FIRST_GATEWAY, MUTUAL),
        Map.of(
            "security.protocol", "SSL",
            "ssl.truststore.type", "PEM",
            "ssl.truststore.location", authorityFile.toString()));
  }

  private static KafkaProducer<String, String> producer(Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.put("enable.idempotence", false);
    return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
  }

  private static void send(KafkaProducer<String, String> producer, String topic)
      throws ExecutionException, InterruptedException {
    producer.send(new ProducerRecord<>(topic, 0, null, "v")).get();
  }

  /** What a node that is told of users and rules a moment later comes to answer. */
  private static void eventuallySends(Map<String, Object> config) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(GatewayLoginIT::isRefusal)
        .until(() -> {
          try (KafkaProducer<String, String> producer = producer(config)) {
            send(producer, "orders");
            return true;
          }
        });
  }

  private static boolean isRefusal(Throwable thrown) {
    return is(thrown, TopicAuthorizationException.class)
        || is(thrown, SaslAuthenticationException.class);
  }

  private static boolean is(Throwable thrown, Class<? extends Exception> kind) {
    return kind.isInstance(thrown) || kind.isInstance(thrown.getCause());
  }

  private static void isRefused(
      Map<String, Object> config, String topic, Class<? extends Exception> kind) {
    try (KafkaProducer<String, String> producer = producer(config)) {
      assertThat(catchThrowable(() -> send(producer, topic)))
          .satisfiesAnyOf(
              thrown -> assertThat(thrown).isInstanceOf(kind),
              thrown -> assertThat(thrown).hasCauseInstanceOf(kind));
    }
  }

  @Test
  @Scenario("S-188")
  void aScramUserHasItsOwnRightsBehindAGateway() throws Exception {
    create("alice");
    allow("alice", "*");

    eventuallySends(client(SCRAM, "alice", "alice"));

    isRefused(client(SCRAM, "alice", "alice"), "payroll", TopicAuthorizationException.class);
  }

  @Test
  @Scenario("S-186")
  void aWrongPasswordAndAnUnknownUserAreRefusedAlike() throws Exception {
    create("bob");
    allow("bob", "*");
    eventuallySends(client(SCRAM, "bob", "bob"));

    isRefused(client(SCRAM, "bob", "guessed"), "orders", SaslAuthenticationException.class);
    isRefused(client(SCRAM, "nobody", "bob"), "orders", SaslAuthenticationException.class);
  }

  @Test
  @Scenario("S-188")
  void aCertificatesNameHasItsOwnRightsBehindAGateway() throws Exception {
    allow("carol", "*");

    eventuallySends(holder(authority.issue("carol")));

    isRefused(holder(authority.issue("dave")), "orders", TopicAuthorizationException.class);
    isRefused(
        holder(TestAuthority.named("Another").issue("carol")),
        "orders",
        SslAuthenticationException.class);
    isRefused(stranger(), "orders", SslAuthenticationException.class);
  }

  @Test
  @Scenario("S-189")
  void rightsThatAreTakenAwayEndOnOpenConnections() throws Exception {
    create("erin");
    allow("erin", "*");
    eventuallySends(client(SCRAM, "erin", "erin"));
    try (KafkaProducer<String, String> producer = producer(client(SCRAM, "erin", "erin"))) {
      send(producer, "orders");

      root.deleteAcls(List.of(mayWrite("erin", "*").toFilter())).all().get();

      await()
          .atMost(PATIENCE)
          .until(() -> {
            Throwable thrown = catchThrowable(() -> send(producer, "orders"));
            return thrown != null && is(thrown, TopicAuthorizationException.class);
          });
    }
  }

  @Test
  @Scenario("S-186")
  void aUserThatIsDeletedIsPutOutWhenItLogsInAgain() throws Exception {
    create("frank");
    allow("frank", "*");
    eventuallySends(client(AGAIN, "frank", "frank"));
    try (Admin connected = Admin.create(client(AGAIN, "frank", "frank"))) {
      connected.describeCluster().nodes().get();

      root.alterUserScramCredentials(
              List.of(new UserScramCredentialDeletion("frank", ScramMechanism.SCRAM_SHA_256)))
          .all()
          .get();

      await()
          .atMost(PATIENCE)
          .until(() -> {
            Throwable thrown = catchThrowable(() -> connected.describeCluster().nodes().get());
            return thrown != null && is(thrown, SaslAuthenticationException.class);
          });
    }
  }
}
