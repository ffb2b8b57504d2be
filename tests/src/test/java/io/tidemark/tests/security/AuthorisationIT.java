package io.tidemark.tests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** ACLs, with the Java clients of an administrator and of somebody with few rights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorisationIT {
  private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";
  private static final String STANDARD = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";

  private NodeFixture node;
  private Admin root;
  private SecureClient alice;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    node =
        new NodeFixture(home)
            .with("listeners", "SASL_PLAINTEXT://127.0.0.1:0")
            .with("sasl.enabled.mechanisms", "PLAIN")
            .with(
                "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                MODULE + " required user_root=\"root\" user_alice=\"alice\";")
            .with("authorizer.class.name", STANDARD)
            .with("super.users", "User:root;User:ops")
            .start();
    root = client("root").admin();
    alice = client("alice");
    for (String topic : List.of("orders", "orders-eu", "payroll")) {
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

  private SecureClient client(String user) {
    return SecureClient.of(
        node,
        "SASL_PLAINTEXT",
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "%s required username=\"%s\" password=\"%s\";".formatted(MODULE, user, user)));
  }

  private AclBinding acl(
      AclPermissionType permission,
      AclOperation operation,
      ResourceType type,
      String name,
      PatternType pattern) {
    return new AclBinding(
        new ResourcePattern(type, name, pattern),
        new AccessControlEntry("User:alice", "*", operation, permission));
  }

  private void allow(AclOperation operation, ResourceType type, String name)
      throws ExecutionException, InterruptedException {
    root.createAcls(
            List.of(acl(AclPermissionType.ALLOW, operation, type, name, PatternType.LITERAL)))
        .all()
        .get();
  }

  @Test
  void nobodyMayAnythingUntilItIsAllowed() throws Exception {
    assertThat(catchThrowable(() -> alice.produce("orders", new byte[1])))
        .isInstanceOfAny(TopicAuthorizationException.class, ExecutionException.class)
        .rootCause()
        .isInstanceOfAny(TopicAuthorizationException.class, ClusterAuthorizationException.class);
    allow(AclOperation.WRITE, ResourceType.TOPIC, "orders");
    alice.produce("orders", new byte[1]);
    assertThat(catchThrowable(() -> alice.consume("orders", 1)))
        .isInstanceOf(TopicAuthorizationException.class);
    allow(AclOperation.READ, ResourceType.TOPIC, "orders");
    assertThat(alice.consume("orders", 1)).isNotEmpty();
  }

  @Test
  @Scenario("S-188")
  void namesOfOtherTopicsDoNotLeak() throws Exception {
    allow(AclOperation.DESCRIBE, ResourceType.TOPIC, "orders");
    try (Admin admin = alice.admin()) {
      assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("orders"));
      assertThat(
              catchThrowable(() -> admin.describeTopics(List.of("payroll")).allTopicNames().get()))
          .hasCauseInstanceOf(TopicAuthorizationException.class);
      assertThat(
              catchThrowable(() -> admin.describeTopics(List.of("nothing")).allTopicNames().get()))
          .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  @Scenario("S-188")
  void aBatchWithOneForbiddenTopicReachesTheOthers() throws Exception {
    allow(AclOperation.WRITE, ResourceType.TOPIC, "orders");
    allow(AclOperation.DESCRIBE, ResourceType.TOPIC, "payroll");
    long before = end("orders");
    try (KafkaProducer<byte[], byte[]> producer =
        alice.with("linger.ms", 300).with("enable.idempotence", false).producer()) {
      producer.partitionsFor("orders");
      producer.partitionsFor("payroll");
      var good = producer.send(new ProducerRecord<>("orders", 0, null, new byte[1]));
      var bad = producer.send(new ProducerRecord<>("payroll", 0, null, new byte[1]));
      assertThat(catchThrowable(bad::get)).hasCauseInstanceOf(TopicAuthorizationException.class);
      assertThat(good.get().offset()).isEqualTo(before);
    }
    assertThat(end("payroll")).isZero();
  }

  private long end(String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    return root.listOffsets(Map.of(partition, org.apache.kafka.clients.admin.OffsetSpec.latest()))
        .partitionResult(partition)
        .get()
        .offset();
  }

  @Test
  void prefixesHoldForWhatBeginsWithThemAndDenyingBeatsAllowing() throws Exception {
    root.createAcls(
            List.of(
                acl(
                    AclPermissionType.ALLOW,
                    AclOperation.ALL,
                    ResourceType.TOPIC,
                    "orders",
                    PatternType.PREFIXED),
                acl(
                    AclPermissionType.DENY,
                    AclOperation.WRITE,
                    ResourceType.TOPIC,
                    "orders-eu",
                    PatternType.LITERAL)))
        .all()
        .get();
    alice.produce("orders", new byte[1]);
    assertThat(catchThrowable(() -> alice.produce("orders-eu", new byte[1])))
        .hasCauseInstanceOf(TopicAuthorizationException.class);
    try (Admin admin = alice.admin()) {
      assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("orders", "orders-eu"));
    }
  }

  @Test
  void groupsAreResourcesOfTheirOwn() throws Exception {
    allow(AclOperation.READ, ResourceType.TOPIC, "orders");
    try (KafkaConsumer<byte[], byte[]> consumer =
        alice.consumer(Map.of("group.id", "g", "group.protocol", "classic"))) {
      consumer.subscribe(List.of("orders"));
      assertThat(
              catchThrowable(() -> {
                for (int i = 0; i < 240; i++) {
                  consumer.poll(Duration.ofMillis(500));
                }
              }))
          .isInstanceOf(GroupAuthorizationException.class);
    }
  }

  @Test
  @Scenario("S-188")
  void aPatternSubscribesToWhatMayBeSeenAlone() throws Exception {
    allow(AclOperation.READ, ResourceType.TOPIC, "orders");
    allow(AclOperation.READ, ResourceType.GROUP, "by-pattern");
    try (KafkaConsumer<byte[], byte[]> consumer =
        alice.consumer(Map.of("group.id", "by-pattern", "group.protocol", "classic"))) {
      consumer.subscribe(Pattern.compile(".*"));
      Awaitility.await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(60))
          .until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
          });
      assertThat(consumer.assignment()).containsExactly(new TopicPartition("orders", 0));
    }
  }

  @Test
  void onlyAdministratorsChangeRules() throws Exception {
    try (Admin admin = alice.admin()) {
      assertThat(catchThrowable(() -> admin.describeAcls(AclBindingFilter.ANY).values().get()))
          .hasCauseInstanceOf(ClusterAuthorizationException.class);
      AclBinding own =
          acl(
              AclPermissionType.ALLOW,
              AclOperation.ALL,
              ResourceType.TOPIC,
              "*",
              PatternType.LITERAL);
      assertThat(catchThrowable(() -> admin.createAcls(List.of(own)).all().get()))
          .hasCauseInstanceOf(ClusterAuthorizationException.class);
    }
    allow(AclOperation.READ, ResourceType.TOPIC, "orders");
    assertThat(root.describeAcls(AclBindingFilter.ANY).values().get()).hasSize(1);
  }

  @Test
  void rulesOutliveARestart() throws Exception {
    allow(AclOperation.READ, ResourceType.TOPIC, "payroll");
    root.close();
    node.stop();
    node.start();
    root = client("root").admin();
    alice = client("alice");
    assertThat(root.describeAcls(AclBindingFilter.ANY).values().get()).hasSize(1);
    try (Admin admin = alice.admin()) {
      assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("payroll"));
    }
  }
}
