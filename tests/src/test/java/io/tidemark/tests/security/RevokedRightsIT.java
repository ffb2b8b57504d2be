package io.tidemark.tests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateDelegationTokenOptions;
import org.apache.kafka.clients.admin.ExpireDelegationTokenOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rights, users and tokens that are taken away from Java clients which are connected, have fetch
 * sessions and wait in long fetches. How long each took is printed; a test fails only after ten
 * times the second in which changes are to hold, or by what a client is told.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevokedRightsIT {
  private static final String MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";
  private static final Duration HANG_GUARD = Duration.ofSeconds(10);
  private static final Duration SHORTLY = Duration.ofMillis(100);

  /** A fetch that nobody wakes is answered after the guard. */
  private static final Map<String, ?> LONG_FETCHES =
      Map.of("fetch.max.wait.ms", 30_000, "request.timeout.ms", 60_000);

  private static final String FOR_EVER = "SASL_PLAINTEXT";
  private static final String AGAIN = "AGAIN"; // who comes by it logs in again each second

  private NodeFixture node;
  private Admin root;
  private SecureClient alice;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    Files.writeString(home.resolve("users"), "root=root\nalice=alice\nleaver=leaver\n");
    node =
        new NodeFixture(home)
            .with(
                "listeners",
                "PLAINTEXT://127.0.0.1:0,SASL_PLAINTEXT://127.0.0.1:0,AGAIN://127.0.0.1:0")
            .with(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,AGAIN:SASL_PLAINTEXT")
            .with("inter.broker.listener.name", "PLAINTEXT")
            .with("sasl.enabled.mechanisms", "SCRAM-SHA-256")
            .with("listener.name.again.connections.max.reauth.ms", "1000")
            .with("tidemark.bootstrap.users.file", home.resolve("users").toString())
            .with("delegation.token.secret.key", "a key that all nodes share")
            .with(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .with("super.users", "User:root;User:ANONYMOUS")
            .start();
    root = client(FOR_EVER, "root", "root", "").admin();
    alice = client(FOR_EVER, "alice", "alice", "");
    for (String topic : List.of("orders", "payroll")) {
      root.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  @AfterAll
  void stop() {
    root.close();
    node.close();
  }

  @AfterEach
  void removeAll() throws Exception {
    root.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
  }

  private SecureClient client(String listener, String user, String password, String more) {
    return SecureClient.of(
        node,
        listener,
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "SCRAM-SHA-256",
            "sasl.jaas.config",
            "%s required username=\"%s\" password=\"%s\"%s;"
                .formatted(MODULE, user, password, more)));
  }

  private SecureClient holder(String listener, DelegationToken token) {
    return client(
        listener, token.tokenInfo().tokenId(), token.hmacAsBase64String(), " tokenauth=\"true\"");
  }

  private void rule(
      AclPermissionType permission, AclOperation operation, ResourceType type, String name)
      throws Exception {
    root.createAcls(
            List.of(
                new AclBinding(
                    new ResourcePattern(type, name, PatternType.LITERAL),
                    new AccessControlEntry("User:alice", "*", operation, permission))))
        .all()
        .get();
  }

  private void allow(AclOperation operation, ResourceType type, String name) throws Exception {
    rule(AclPermissionType.ALLOW, operation, type, name);
  }

  private void forbid(ResourceType type, String name) throws Exception {
    root.deleteAcls(
            List.of(
                new AclBindingFilter(
                    new ResourcePatternFilter(type, name, PatternType.LITERAL),
                    AccessControlEntryFilter.ANY)))
        .all()
        .get();
  }

  /** Clients belong to the thread that uses them. */
  private static ConditionFactory await() {
    return Awaitility.await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(HANG_GUARD);
  }

  /** Makes a change, waits until somebody meets it, and prints how long that took. */
  private static void meets(String change, ThrowingRunnable changing, ThrowingRunnable met)
      throws Throwable {
    changing.run();
    meets(change, System.nanoTime(), met);
  }

  private static void meets(String change, long sinceNs, ThrowingRunnable met) {
    await().untilAsserted(met);
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs);
    System.out.println("RevokedRightsIT: %s, met after %d ms".formatted(change, tookMs));
  }

  @Test
  @Scenario("S-189")
  void aConsumerThatWaitsIsToldWhenItMayNotReadAnyMore() throws Throwable {
    allow(AclOperation.READ, ResourceType.TOPIC, "orders");
    try (KafkaConsumer<byte[], byte[]> consumer = waiting("orders")) {
      meets(
          "a rule deleted under a long fetch",
          () -> forbid(ResourceType.TOPIC, "orders"),
          () -> assertRefused(consumer, "orders"));
    }
  }

  @Test
  @Scenario("S-189")
  void aConsumerThatWaitsIsToldOfARuleThatDenies() throws Throwable {
    allow(AclOperation.READ, ResourceType.TOPIC, "orders");
    try (KafkaConsumer<byte[], byte[]> consumer = waiting("orders")) {
      meets(
          "a denying rule made under a long fetch",
          () -> rule(AclPermissionType.DENY, AclOperation.READ, ResourceType.TOPIC, "orders"),
          () -> assertRefused(consumer, "orders"));
    }
  }

  /** At the ends of these topics, in a session, with a long fetch under way. */
  private KafkaConsumer<byte[], byte[]> waiting(String... topics) {
    KafkaConsumer<byte[], byte[]> consumer = alice.consumer(LONG_FETCHES);
    consumer.assign(Stream.of(topics).map(topic -> new TopicPartition(topic, 0)).toList());
    consumer.seekToEnd(consumer.assignment());
    consumer.assignment().forEach(consumer::position);
    for (int i = 0; i < 4; i++) {
      consumer.poll(SHORTLY);
    }
    return consumer;
  }

  private static void assertRefused(KafkaConsumer<?, ?> consumer, String topic) {
    assertThat(catchThrowable(() -> consumer.poll(SHORTLY)))
        .isInstanceOfSatisfying(
            TopicAuthorizationException.class,
            e -> assertThat(e.unauthorizedTopics()).containsExactly(topic));
  }

  @Test
  @Scenario("S-189")
  void aSessionGoesOnWithoutTheTopicThatMayNotBeReadAnyMore() throws Throwable {
    allow(AclOperation.READ, ResourceType.TOPIC, "orders");
    allow(AclOperation.READ, ResourceType.TOPIC, "payroll");
    try (KafkaConsumer<byte[], byte[]> consumer = waiting("orders", "payroll");
        KafkaProducer<byte[], byte[]> producer = client(FOR_EVER, "root", "root", "").producer()) {
      receive(consumer, producer, "orders");
      receive(consumer, producer, "payroll"); // the session has both
      meets(
          "a rule deleted of one topic of a session",
          () -> forbid(ResourceType.TOPIC, "payroll"),
          () -> assertRefused(consumer, "payroll"));
      consumer.assign(List.of(new TopicPartition("orders", 0)));
      receive(consumer, producer, "orders");
      consumer.close(CloseOptions.timeout(Duration.ZERO)); // not when its long fetch has ended
    }
  }

  private static void receive(
      KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer, String topic)
      throws Exception {
    TopicPartition from = new TopicPartition(topic, 0);
    long next = consumer.position(from);
    send(producer, topic);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> {
          consumer.poll(SHORTLY);
          assertThat(consumer.position(from)).isGreaterThan(next);
        });
  }

  @Test
  @Scenario("S-189")
  void aProducerThatIsConnectedIsToldWhenItMayNotWriteAnyMore() throws Throwable {
    allow(AclOperation.WRITE, ResourceType.TOPIC, "orders");
    allow(AclOperation.WRITE, ResourceType.TOPIC, "payroll");
    try (KafkaProducer<byte[], byte[]> producer = alice.producer()) {
      send(producer, "orders");
      send(producer, "payroll");
      meets(
          "a rule deleted under a producer",
          () -> forbid(ResourceType.TOPIC, "orders"),
          () ->
              assertThat(catchThrowable(() -> send(producer, "orders")))
                  .hasCauseInstanceOf(TopicAuthorizationException.class));
      send(producer, "payroll");
      meets(
          "a rule made under a producer",
          () -> allow(AclOperation.WRITE, ResourceType.TOPIC, "orders"),
          () -> assertThat(catchThrowable(() -> send(producer, "orders"))).isNull());
    }
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String topic) throws Exception {
    producer.send(new ProducerRecord<>(topic, 0, null, new byte[1])).get();
  }

  @Test
  @Scenario("S-189")
  void aMemberOfAGroupIsToldWhenItMayNotBeOneAnyMore() throws Throwable {
    allow(AclOperation.READ, ResourceType.TOPIC, "orders");
    allow(AclOperation.READ, ResourceType.GROUP, "readers");
    try (KafkaConsumer<byte[], byte[]> member =
        alice.consumer(
            Map.of(
                "group.id", "readers", "group.protocol", "classic", "enable.auto.commit", false))) {
      member.subscribe(List.of("orders"));
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> {
            member.poll(SHORTLY);
            assertThat(member.assignment()).hasSize(1);
          });
      member.assignment().forEach(member::position); // there is something to commit
      meets(
          "a rule deleted under a member of a group that commits",
          () -> forbid(ResourceType.GROUP, "readers"),
          () ->
              assertThat(catchThrowable(member::commitSync))
                  .isInstanceOf(GroupAuthorizationException.class));
    }
  }

  @Test
  @Scenario("S-189")
  void namesAreNotListedAnyMoreToWhoIsConnected() throws Throwable {
    allow(AclOperation.DESCRIBE, ResourceType.TOPIC, "orders");
    try (Admin connected = alice.admin()) {
      assertThat(connected.listTopics().names().get()).containsExactly("orders");
      meets(
          "a rule deleted under an administration client",
          () -> forbid(ResourceType.TOPIC, "orders"),
          () -> assertThat(connected.listTopics().names().get()).isEmpty());
    }
  }

  /** As in Kafka, a login holds until it is to be renewed; rights end at once. */
  @Test
  @Scenario({"S-186", "S-189"})
  void aUserWhoIsDeletedStaysUntilTheNextLogin() throws Throwable {
    try (Admin staying = client(FOR_EVER, "leaver", "leaver", "").admin();
        Admin renewing = client(AGAIN, "leaver", "leaver", "").admin()) {
      asked(staying);
      asked(renewing);
      meets(
          "a user deleted, connections.max.reauth.ms=1000",
          () ->
              root.alterUserScramCredentials(
                      List.of(
                          new UserScramCredentialDeletion("leaver", ScramMechanism.SCRAM_SHA_256),
                          new UserScramCredentialDeletion("leaver", ScramMechanism.SCRAM_SHA_512)))
                  .all()
                  .get(),
          () -> assertNotLetIn(renewing));
      asked(staying);
    }
    try (Admin late = client(FOR_EVER, "leaver", "leaver", "").admin()) {
      assertNotLetIn(late);
    }
  }

  /** Over the connection to the node, not the one by which it was found. */
  private static void asked(Admin admin) throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(admin.describeCluster().nodes().get()).hasSize(1);
    }
  }

  private static void assertNotLetIn(Admin admin) {
    assertThat(catchThrowable(() -> admin.describeCluster().nodes().get()))
        .hasCauseInstanceOf(SaslAuthenticationException.class);
  }

  @Test
  @Scenario({"S-188", "S-189"})
  void theConnectionOfATokenEndsWithIt() throws Throwable {
    DelegationToken token = token(Duration.ofSeconds(10));
    try (Admin connected = holder(FOR_EVER, token).admin()) {
      asked(connected);
      long leftMs = token.tokenInfo().expiryTimestamp() - System.currentTimeMillis();
      long endsNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(leftMs);
      meets("a token of ten seconds over", endsNs, () -> assertNotLetIn(connected));
    }
  }

  @Test
  @Scenario({"S-188", "S-189"})
  void aTokenThatIsEndedGetsNobodyInAgain() throws Throwable {
    DelegationToken token = token(Duration.ofHours(1));
    try (Admin renewing = holder(AGAIN, token).admin();
        Admin owner = alice.admin()) {
      asked(renewing);
      meets(
          "a token ended by its owner, connections.max.reauth.ms=1000",
          () ->
              owner
                  .expireDelegationToken(
                      token.hmac(), new ExpireDelegationTokenOptions().expiryTimePeriodMs(-1))
                  .expiryTimestamp()
                  .get(),
          () -> assertNotLetIn(renewing));
    }
    try (Admin late = holder(FOR_EVER, token).admin()) {
      assertNotLetIn(late);
    }
  }

  private DelegationToken token(Duration lifetime) throws Exception {
    try (Admin owner = alice.admin()) {
      return owner
          .createDelegationToken(
              new CreateDelegationTokenOptions().maxLifetimeMs(lifetime.toMillis()))
          .delegationToken()
          .get();
    }
  }
}
