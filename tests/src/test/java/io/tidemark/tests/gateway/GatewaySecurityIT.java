package io.tidemark.tests.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who logs in at a gateway has its own rights at the nodes behind, no more and no less. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewaySecurityIT {
  private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private GatewayCluster cluster;
  private Admin root;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    cluster =
        new GatewayCluster(home)
            .with(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .with("super.users", "User:root;User:ANONYMOUS")
            .withGateways(
                "listener.security.protocol.map",
                "NODES:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENTS:SASL_PLAINTEXT")
            .withGateways("sasl.enabled.mechanisms", "PLAIN")
            .withGateways(
                "listener.name.clients.plain.sasl.jaas.config",
                MODULE + " required user_root=\"root\" user_alice=\"alice\";")
            .start(1, 2);
    root = Admin.create(as("root", Map.of()));
    root.createTopics(
            List.of(new NewTopic("orders", 2, (short) 1), new NewTopic("payroll", 2, (short) 1)))
        .all()
        .get();
    allow(AclOperation.WRITE, ResourceType.TOPIC, "orders");
    allow(AclOperation.READ, ResourceType.TOPIC, "orders");
    allow(AclOperation.READ, ResourceType.GROUP, "readers");
  }

  @AfterAll
  void stop() {
    root.close();
    cluster.close();
  }

  private void allow(AclOperation operation, ResourceType type, String name) throws Exception {
    root.createAcls(
            List.of(
                new AclBinding(
                    new ResourcePattern(type, name, PatternType.LITERAL),
                    new AccessControlEntry(
                        "User:alice", "127.0.0.1", operation, AclPermissionType.ALLOW))))
        .all()
        .get();
  }

  private Map<String, Object> as(String user, Map<String, ?> more) {
    Map<String, Object> config = cluster.client(more);
    config.put("security.protocol", "SASL_PLAINTEXT");
    config.put("sasl.mechanism", "PLAIN");
    config.put(
        "sasl.jaas.config",
        "%s required username=\"%s\" password=\"%s\";".formatted(MODULE, user, user));
    return config;
  }

  private void produce(String user, String topic) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            as(user, Map.of("enable.idempotence", false)),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, null, "v")).get();
      producer.send(new ProducerRecord<>(topic, 1, null, "v")).get();
    }
  }

  @Test
  void aUserDoesWhatItMayByItsOwnNameAndAddress() throws Exception {
    produce("alice", "orders");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            as("alice", Map.of("group.id", "readers", "auto.offset.reset", "earliest")),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of("orders"));
      await().atMost(PATIENCE).until(() -> consumer.poll(Duration.ofMillis(100)).count() > 0);
      consumer.commitSync();
    }
  }

  @Test
  void whatAUserMayNotIsRefusedAndWhatItMayNotSeeIsHidden() throws Exception {
    assertThatThrownBy(() -> produce("alice", "payroll"))
        .isInstanceOfAny(ExecutionException.class, TopicAuthorizationException.class)
        .rootCause()
        .isInstanceOf(TopicAuthorizationException.class);
    try (Admin alice = Admin.create(as("alice", Map.of()))) {
      assertThat(alice.listTopics().names().get()).isEqualTo(Set.of("orders"));
    }
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            as("alice", Map.of()), new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition("payroll", 0)));
      assertThatThrownBy(
              () -> {
                consumer.seekToBeginning(List.of(new TopicPartition("payroll", 0)));
                consumer.poll(Duration.ofSeconds(20));
              })
          .isInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void aWrongPasswordIsRefusedAtTheGateway() {
    Map<String, Object> config = as("alice", Map.of());
    config.put("sasl.jaas.config", MODULE + " required username=\"alice\" password=\"wrong\";");
    try (Admin admin = Admin.create(config)) {
      assertThatThrownBy(() -> admin.listTopics().names().get())
          .hasCauseInstanceOf(SaslAuthenticationException.class);
    }
  }
}
