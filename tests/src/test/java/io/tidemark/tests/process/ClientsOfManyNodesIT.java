package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;
import static io.tidemark.tests.process.Patience.untilDone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.ExpireDelegationTokenOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RenewDelegationTokenOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.DelegationTokenNotFoundException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds for a client whichever of three nodes it asks: its quotas, rules, and delegation
 * tokens. Clients log in by SCRAM; administrators and nodes come in plain text.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
class ClientsOfManyNodesIT {
  private static final String USER = "alice";
  private static final int RECORD_BYTES = 10_000;

  private final Map<Integer, Integer> ports = new HashMap<>();
  private ClusterProcesses cluster;
  private Admin administrator;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    Files.writeString(home.resolve("users"), USER + "=secret\n");
    cluster = new ClusterProcesses(home, 3);
    List<Integer> free = NodeProcess.freePorts(cluster.ids().size());
    cluster.ids().forEach(id -> ports.put(id, free.get(id - 1)));
    for (int id : cluster.ids()) {
      NodeProcess node = cluster.node(id);
      node.with(
          "listeners", node.setting("listeners") + ",SASL_PLAINTEXT://127.0.0.1:" + ports.get(id));
    }
    cluster
        .with("inter.broker.listener.name", "PLAINTEXT")
        .with("sasl.enabled.mechanisms", "SCRAM-SHA-256")
        .with("tidemark.bootstrap.users.file", home.resolve("users").toString())
        .with("delegation.token.secret.key", "a key that all nodes share")
        .with("authorizer.class.name", "StandardAuthorizer")
        .with("allow.everyone.if.no.acl.found", "true")
        .with("super.users", "User:ANONYMOUS")
        .with("broker.session.timeout.ms", "3000")
        // The debt of who made too many partitions is in the controller's memory, which must stay
        // who it is however busy the machine; one that ends is replaced at once all the same.
        .with("controller.quorum.election.timeout.ms", "10000")
        .with("controller.quota.window.size.seconds", "10")
        .start();
    administrator = cluster.admin();
    cluster.createTopic("limited", 3, Map.of());
  }

  @AfterAll
  void stop() {
    administrator.close();
    cluster.close();
  }

  private static ClientQuotaEntity user() {
    return new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, USER));
  }

  private void limit(String quota, @Nullable Double value) {
    ClientQuotaAlteration.Op change = new ClientQuotaAlteration.Op(quota, value);
    ClientQuotaAlteration alteration = new ClientQuotaAlteration(user(), List.of(change));
    untilDone(() -> administrator.alterClientQuotas(List.of(alteration)).all());
  }

  @AfterEach
  void takeAllAway() {
    for (String quota : List.of("producer_byte_rate", "controller_mutation_rate")) {
      limit(quota, null);
    }
  }

  private Map<String, Object> settings(int node, String user, String password, String more) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", "127.0.0.1:" + ports.get(node));
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism", "SCRAM-SHA-256");
    settings.put("default.api.timeout.ms", 20_000);
    settings.put("request.timeout.ms", 10_000);
    settings.put(
        "sasl.jaas.config",
        "%s required username=\"%s\" password=\"%s\"%s;"
            .formatted(ScramLoginModule.class.getName(), user, password, more));
    return settings;
  }

  private Admin client(int node) {
    return Admin.create(settings(node, USER, "secret", ""));
  }

  private Admin holder(int node, DelegationToken token) {
    return Admin.create(
        settings(
            node, token.tokenInfo().tokenId(), token.hmacAsBase64String(), " tokenauth=\"true\""));
  }

  private List<Integer> others(int than) {
    return cluster.ids().stream().filter(id -> id != than).toList();
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, partitions, (short) 1);
  }

  /** Each node asks by its own connection, so that none of them has seen what the others did. */
  private static @Nullable Throwable refusal(Admin by, String topic) {
    Throwable thrown =
        catchThrowable(() ->
            by.createTopics(
                    List.of(topic(topic, 1)),
                    new CreateTopicsOptions().retryOnQuotaViolation(false))
                .all()
                .get());
    return thrown == null ? null : thrown.getCause();
  }

  @Test
  @Scenario({"S-191", "S-193"})
  void whoHasMadeTooManyPartitionsThroughOneNodeGetsNoMoreThroughTheOthers() throws Exception {
    limit("controller_mutation_rate", 0.1);
    List<Integer> asked = others(cluster.quorumLeader());
    try (Admin first = client(asked.get(0));
        Admin second = client(asked.get(1));
        Admin atController = client(cluster.quorumLeader())) {
      first.createTopics(List.of(topic("many", 40))).all().get();

      for (Admin other : List.of(second, atController)) {
        Throwable refusal = refusal(other, "more");
        assertThat(refusal).isInstanceOf(ThrottlingQuotaExceededException.class);
        assertThat(((ThrottlingQuotaExceededException) refusal).throttleTimeMs()).isPositive();
      }
    }
    limit("controller_mutation_rate", 1_000.0);
    try (Admin again = client(asked.get(1))) { // those of before are not heard for a while
      assertThat(refusal(again, "more")).isNull();
      again.deleteTopics(List.of("many", "more")).all().get();
    }
  }

  /** The quota is set through one node and holds on each, for connections that are open. */
  @Test
  @Scenario("S-191")
  void aQuotaIsChangedOnceAndHoldsOnEveryNode() throws Exception {
    List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
    try {
      for (int partition = 0; partition < 3; partition++) { // each is led by another node
        KafkaProducer<byte[], byte[]> producer = producer();
        producers.add(producer);
        producer.send(new ProducerRecord<>("limited", partition, null, new byte[1])).get();
        assertThat(throttledMs(producer)).isZero();
      }
      limit("producer_byte_rate", 1_000.0);
      for (int partition = 0; partition < 3; partition++) {
        int here = partition;
        KafkaProducer<byte[], byte[]> producer = producers.get(partition);
        await()
            .atMost(CheckedTopic.PATIENCE)
            .until(() -> {
              producer
                  .send(new ProducerRecord<>("limited", here, null, new byte[RECORD_BYTES]))
                  .get();
              return throttledMs(producer) > 0;
            });
      }
    } finally {
      producers.forEach(KafkaProducer::close);
    }
  }

  /** It writes to one node alone: a client does not say which of its nodes it was held back by. */
  private KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> settings = settings(1, USER, "secret", "");
    settings.put("batch.size", RECORD_BYTES);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The longest it was held back of late. */
  private static double throttledMs(KafkaProducer<byte[], byte[]> producer) {
    return producer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("produce-throttle-time-max"))
        .map(metric -> metric.getValue().metricValue())
        .mapToDouble(Double.class::cast)
        .filter(value -> !Double.isNaN(value))
        .sum();
  }

  /** A rule that is made through one node holds on each, for connections that are open. */
  @Test
  @Scenario("S-189")
  void aRuleIsChangedOnceAndHoldsOnEveryNode() throws Exception {
    cluster.createTopic("forbidden", 3, Map.of());
    AclBinding rule =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, "forbidden", PatternType.LITERAL),
            new AccessControlEntry(
                "User:" + USER, "*", AclOperation.WRITE, AclPermissionType.DENY));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            settings(1, USER, "secret", ""),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int partition = 0; partition < 3; partition++) { // each is led by another node
        producer.send(new ProducerRecord<>("forbidden", partition, null, new byte[1])).get();
      }
      untilDone(() -> administrator.createAcls(List.of(rule)).all());
      long changedNs = System.nanoTime();
      for (int partition = 0; partition < 3; partition++) {
        int here = partition;
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .atMost(CheckedTopic.PATIENCE)
            .untilAsserted(() ->
                assertThat(
                        catchThrowable(() ->
                            producer
                                .send(new ProducerRecord<>("forbidden", here, null, new byte[1]))
                                .get()))
                    .hasCauseInstanceOf(TopicAuthorizationException.class));
      }
      System.out.printf(
          "ClientsOfManyNodesIT: a rule was met on each node within %d ms%n",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - changedNs));
    } finally {
      untilDone(() -> administrator.deleteAcls(List.of(rule.toFilter())).all());
    }
  }

  private static void getsIn(Admin client) throws Exception {
    assertThat(client.describeCluster().nodes().get()).hasSize(3);
  }

  private void assertGetsInEverywhere(DelegationToken token) {
    for (int node : cluster.ids()) {
      await()
          .atMost(CheckedTopic.PATIENCE)
          .untilAsserted(() -> {
            try (Admin holder = holder(node, token)) {
              assertThatCode(() -> getsIn(holder)).doesNotThrowAnyException();
            }
          });
    }
  }

  private void assertGetsInNowhere(DelegationToken token) {
    for (int node : cluster.ids()) {
      await()
          .atMost(CheckedTopic.PATIENCE)
          .untilAsserted(() -> {
            try (Admin holder = holder(node, token)) {
              assertThat(catchThrowable(() -> getsIn(holder)))
                  .hasCauseInstanceOf(SaslAuthenticationException.class);
            }
          });
    }
  }

  @Test
  @Scenario("S-188")
  void aTokenMadeOnOneNodeIsGoodOnAllAndEndsOnAllAfterTheControllerIsAnother() throws Exception {
    DelegationToken token;
    try (Admin alice = client(others(cluster.quorumLeader()).getFirst())) {
      token =
          patiently()
              .until(() -> alice.createDelegationToken().delegationToken().get(), Objects::nonNull);
    }
    assertGetsInEverywhere(token);

    int former = cluster.quorumLeader();
    cluster.node(former).kill();
    int asked = others(former).getFirst();
    try (Admin alice = client(asked)) {
      await()
          .atMost(CheckedTopic.PATIENCE)
          .ignoreExceptions()
          .until(() -> prolonged(alice, token) > System.currentTimeMillis());
    }
    cluster.node(former).start();
    assertGetsInEverywhere(token);

    try (Admin alice = client(former)) {
      patiently().until(() -> isEnded(alice, token));
    }
    assertGetsInNowhere(token);
  }

  /** One that is not there any more was ended by an attempt whose answer was lost. */
  private static boolean isEnded(Admin by, DelegationToken token) throws Exception {
    ExpireDelegationTokenOptions now = new ExpireDelegationTokenOptions().expiryTimePeriodMs(-1);
    try {
      by.expireDelegationToken(token.hmac(), now).expiryTimestamp().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DelegationTokenNotFoundException) {
        return true;
      }
      throw e;
    }
  }

  private static long prolonged(Admin by, DelegationToken token) throws Exception {
    return by.renewDelegationToken(
            token.hmac(), new RenewDelegationTokenOptions().renewTimePeriodMs(600_000))
        .expiryTimestamp()
        .get();
  }
}
