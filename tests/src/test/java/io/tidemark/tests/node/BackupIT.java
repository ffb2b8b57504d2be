package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's copies, as docs/operations.md says to make them, make the node again elsewhere. */
class BackupIT {
  private static final int RECORDS = 200;
  private static final long COMMITTED = 120;
  private static final String GROUP = "billing";
  private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

  private static final AclBinding RULE =
      new AclBinding(
          new ResourcePattern(ResourceType.TOPIC, "kept", PatternType.LITERAL),
          new AccessControlEntry("User:ada", "*", AclOperation.READ, AclPermissionType.ALLOW));

  private Path original;
  private Path copy;

  /** A node lives a while and is stopped: everything it was given is in the store. */
  @BeforeEach
  void live(@TempDir Path home) throws Exception {
    original = Files.createDirectory(home.resolve("original"));
    copy = Files.createDirectory(home.resolve("copy"));
    try (NodeFixture node = node(original).start();
        Admin admin = node.admin()) {
      NewTopic topic = new NewTopic("kept", 1, (short) 1).configs(Map.of("retention.ms", "-1"));
      admin.createTopics(List.of(topic)).all().get();
      admin.createAcls(List.of(RULE)).all().get();
      produce(node, 0, RECORDS);
      commit(node);
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Topics.offset(admin, PARTITION, OffsetSpec.latestTiered()) == RECORDS - 1);
    }
  }

  @Test
  @Scenario("S-199")
  void copiesOfAllFoldersAndTheStoreMakeTheNodeAgain() throws Exception {
    copyOf("quorum", file -> true);
    copyOf("store", file -> true);
    copyOf("data", file -> true);

    assertEverythingIsThere();
  }

  @Test
  @Scenario("S-199")
  void theQuorumTheStoreAndTheTopicOfGroupsAreEnoughForWhatIsCold() throws Exception {
    copyOf("quorum", file -> true);
    copyOf("store", file -> true);
    copyOf(
        "data",
        file ->
            file.getParent().endsWith("data") || file.toString().contains("__consumer_offsets"));

    assertEverythingIsThere();
  }

  private void assertEverythingIsThere() throws Exception {
    try (NodeFixture node = node(copy).start();
        Admin admin = node.admin()) {
      assertThat(Reading.all(node, "kept", 0, RECORDS)).hasSize(RECORDS);
      assertThat(retention(admin)).isEqualTo("-1");
      assertThat(admin.describeAcls(AclBindingFilter.ANY).values().get()).containsExactly(RULE);
      assertThat(committed(admin)).isEqualTo(COMMITTED);

      produce(node, RECORDS, 1);
      assertThat(Reading.all(node, "kept", 0, RECORDS + 1)).hasSize(RECORDS + 1);
    }
  }

  private static NodeFixture node(Path home) throws IOException {
    return new NodeFixture(home)
        .withDirectoryStore(home)
        .with("metadata.log.dir", home.resolve("quorum").toString())
        .with("tiering.upload.max.age.ms", "100")
        .with("log.retention.check.interval.ms", "100")
        .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
        .with("super.users", "User:ANONYMOUS");
  }

  private static void produce(NodeFixture node, int from, int count) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of()), new StringSerializer(), new StringSerializer())) {
      for (int index = from; index < from + count; index++) {
        assertThat(producer.send(new ProducerRecord<>("kept", "value-" + index)).get().offset())
            .isEqualTo(index);
      }
    }
  }

  private static void commit(NodeFixture node) {
    try (KafkaConsumer<String, String> consumer =
        Reading.consumer(node, Map.of("group.id", GROUP))) {
      consumer.assign(List.of(PARTITION));
      consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(COMMITTED)));
    }
  }

  private static long committed(Admin admin) throws Exception {
    return admin
        .listConsumerGroupOffsets(GROUP)
        .partitionsToOffsetAndMetadata()
        .get()
        .get(PARTITION)
        .offset();
  }

  private static String retention(Admin admin) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "kept");
    return admin.describeConfigs(List.of(topic)).all().get().get(topic).get("retention.ms").value();
  }

  /** Copies the files of a folder that are wanted, and the folders they are in. */
  private void copyOf(String folder, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> found = Files.walk(original.resolve(folder))) {
      for (Path file : found.filter(Files::isRegularFile).filter(wanted).toList()) {
        Path target = copy.resolve(original.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }
}
