package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.node.NodeFixture;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What administrators ask, with the Java Admin client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminIT {
  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = new NodeFixture(folder).start();
    admin = node.admin();
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  @Test
  void theClusterIsDescribed() throws Exception {
    DescribeClusterResult cluster = admin.describeCluster();

    assertThat(cluster.nodes().get()).extracting(Node::id).containsExactly(1);
    assertThat(cluster.controller().get().id()).isEqualTo(1);
    assertThat(cluster.clusterId().get()).isEqualTo(node.node().clusterId());
  }

  @Test
  void featuresOfWhatIsNotBuiltAreAbsent() throws Exception {
    Map<String, FinalizedVersionRange> features =
        admin.describeFeatures().featureMetadata().get().finalizedFeatures();

    assertThat(features).containsKeys("metadata.version", "kraft.version", "transaction.version");
    assertThat(features).doesNotContainKeys("group.version");
  }

  @Test
  void topicsAreCreatedDescribedGrownAndDeleted() throws Exception {
    admin.createTopics(List.of(new NewTopic("life", 2, (short) 1))).all().get();
    TopicDescription created = describe("life");
    assertThat(created.partitions()).hasSize(2);
    assertThat(created.partitions().getFirst().leader().id()).isEqualTo(1);
    assertThat(created.partitions().getFirst().isr()).extracting(Node::id).containsExactly(1);

    admin.createPartitions(Map.of("life", NewPartitions.increaseTo(3))).all().get();
    assertThat(describe("life").partitions()).hasSize(3);

    admin.deleteTopics(TopicCollection.ofTopicIds(List.of(created.topicId()))).all().get();
    assertThat(admin.listTopics().names().get()).doesNotContain("life");
  }

  @Test
  void aTopicCreatedAgainIsAnotherTopic() throws Exception {
    admin.createTopics(List.of(new NewTopic("phoenix", 1, (short) 1))).all().get();
    send("phoenix", "old");
    admin.deleteTopics(List.of("phoenix")).all().get();
    admin.createTopics(List.of(new NewTopic("phoenix", 1, (short) 1))).all().get();
    send("phoenix", "new");

    assertThat(Reading.all(node, "phoenix", 0, 1))
        .extracting(found -> found.value())
        .containsExactly("new");
  }

  @Test
  void timesAreFoundWhereRecordsOfTheSameSegmentWereDeleted() throws Exception {
    TopicPartition partition = new TopicPartition("beheaded", 0);
    admin.createTopics(List.of(new NewTopic("beheaded", 1, (short) 1))).all().get();
    for (int i = 0; i < 5; i++) {
      send("beheaded", "value-" + i);
    }
    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(3))).all().get();

    assertThat(offset(partition, OffsetSpec.forTimestamp(0))).isEqualTo(3);
    assertThat(offset(partition, OffsetSpec.maxTimestamp())).isBetween(3L, 4L);
    assertThat(offset(partition, OffsetSpec.earliestLocal())).isEqualTo(3);
  }

  @Test
  void wrongTopicsAreRefused() throws Exception {
    admin.createTopics(List.of(new NewTopic("taken", 1, (short) 1))).all().get();

    assertThatThrownBy(
            () -> admin.createTopics(List.of(new NewTopic("taken", 1, (short) 1))).all().get())
        .hasCauseInstanceOf(TopicExistsException.class);
    assertThatThrownBy(
            () -> admin.createTopics(List.of(new NewTopic("../x", 1, (short) 1))).all().get())
        .hasCauseInstanceOf(InvalidTopicException.class);
    assertThatThrownBy(
            () -> admin.createTopics(List.of(new NewTopic("three", 1, (short) 3))).all().get())
        .hasCauseInstanceOf(InvalidReplicationFactorException.class);
    assertThatThrownBy(() -> describe("nowhere"))
        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
  }

  @Test
  void topicSettingsAreChangedAndTold() throws Exception {
    admin
        .createTopics(
            List.of(new NewTopic("tuned", 1, (short) 1).configs(Map.of("retention.ms", "1000000"))))
        .all()
        .get();
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "tuned");
    assertThat(entry(topic, "retention.ms").value()).isEqualTo("1000000");
    assertThat(entry(topic, "retention.ms").source())
        .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
    assertThat(entry(topic, "segment.bytes").isDefault()).isTrue();

    alter(
        topic,
        new AlterConfigOp(new ConfigEntry("max.message.bytes", "2000"), AlterConfigOp.OpType.SET));

    assertThat(entry(topic, "max.message.bytes").value()).isEqualTo("2000");
    assertThatThrownBy(() -> send("tuned", "x".repeat(3_000)))
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void whoCreatesATopicIsToldItsSettingsAtOnce() throws Exception {
    NewTopic topic = new NewTopic("told", 2, (short) 1).configs(Map.of("retention.ms", "1000000"));
    for (boolean validateOnly : List.of(true, false)) {
      CreateTopicsResult created =
          admin.createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(validateOnly));

      Config settings = created.config("told").get();
      assertThat(settings.get("retention.ms").value()).isEqualTo("1000000");
      assertThat(settings.get("retention.ms").source())
          .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
      assertThat(settings.get("segment.bytes").isDefault()).isTrue();
      assertThat(settings.entries()).hasSizeGreaterThan(20);
      assertThat(created.numPartitions("told").get()).isEqualTo(2);
      assertThat(created.replicationFactor("told").get()).isEqualTo(1);
    }
  }

  @Test
  void settingsOfNodesAreToldWithTheirSources() throws Exception {
    ConfigResource one = new ConfigResource(ConfigResource.Type.BROKER, "1");

    assertThat(entry(one, "node.id").isReadOnly()).isTrue();
    assertThat(entry(one, "group.initial.rebalance.delay.ms").value()).isEqualTo("0");
  }

  @Test
  void levelsOfLoggersAreChanged() throws Exception {
    ConfigResource loggers = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1");
    String name = "io.tidemark.gateway.node.Node";

    alter(loggers, new AlterConfigOp(new ConfigEntry(name, "ERROR"), AlterConfigOp.OpType.SET));
    assertThat(entry(loggers, name).value()).isEqualTo("ERROR");

    alter(loggers, new AlterConfigOp(new ConfigEntry(name, ""), AlterConfigOp.OpType.DELETE));
    assertThat(entry(loggers, name).value()).isNotEqualTo("ERROR");
  }

  @Test
  void resourcesWithSettingsAreListed() throws Exception {
    admin.createTopics(List.of(new NewTopic("listed", 1, (short) 1))).all().get();

    Collection<ConfigResource> found =
        admin
            .listConfigResources(
                Set.of(ConfigResource.Type.TOPIC, ConfigResource.Type.BROKER),
                new ListConfigResourcesOptions())
            .all()
            .get();

    assertThat(found)
        .contains(
            new ConfigResource(ConfigResource.Type.TOPIC, "listed"),
            new ConfigResource(ConfigResource.Type.BROKER, "1"));
  }

  @Test
  void theQuorumIsDescribed() throws Exception {
    assertThat(admin.describeMetadataQuorum().quorumInfo().get().leaderId()).isEqualTo(1);
  }

  @Test
  void producersAreDescribed() throws Exception {
    admin.createTopics(List.of(new NewTopic("written", 1, (short) 1))).all().get();
    send("written", "value");
    TopicPartition partition = new TopicPartition("written", 0);

    assertThat(
            admin
                .describeProducers(List.of(partition))
                .partitionResult(partition)
                .get()
                .activeProducers())
        .singleElement()
        .satisfies(producer -> assertThat(producer.lastSequence()).isZero());
  }

  @Test
  void logDirectoriesAreDescribed() throws Exception {
    admin.createTopics(List.of(new NewTopic("stored", 1, (short) 1))).all().get();
    send("stored", "value");

    var directories =
        Topics.there(admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1));

    assertThat(directories).hasSize(1);
    var replica =
        Topics.there(
            directories
                .values()
                .iterator()
                .next()
                .replicaInfos()
                .get(new TopicPartition("stored", 0)));
    assertThat(replica.size()).isPositive();
    assertThat(directories.values().iterator().next().totalBytes()).isPresent();
  }

  @Test
  void anUnknownTopicIsCreatedWhereTheClientAllowsIt() throws Exception {
    send("sprung-up", "value");

    assertThat(admin.listTopics().names().get()).contains("sprung-up");
  }

  private long offset(TopicPartition partition, OffsetSpec which) throws Exception {
    return admin.listOffsets(Map.of(partition, which)).partitionResult(partition).get().offset();
  }

  private TopicDescription describe(String topic) throws Exception {
    return Topics.describe(admin, topic);
  }

  private ConfigEntry entry(ConfigResource resource, String name) throws Exception {
    Config config =
        Topics.there(admin.describeConfigs(List.of(resource)).all().get().get(resource));
    return Topics.there(config.get(name));
  }

  private void alter(ConfigResource resource, AlterConfigOp change) throws Exception {
    admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
  }

  private void send(String topic, String value) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of()), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, value)).get();
    }
  }
}
