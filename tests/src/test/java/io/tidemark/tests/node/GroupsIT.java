package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classic consumer groups with the Java consumer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupsIT {
  private static final int RECORDS = 400;

  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = new NodeFixture(folder).start();
    admin = node.admin();
    admin.createTopics(List.of(new NewTopic("work", 4, (short) 1))).all().get();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of()), new StringSerializer(), new StringSerializer())) {
      for (int index = 0; index < RECORDS; index++) {
        producer.send(new ProducerRecord<>("work", index % 4, "k", "value-" + index));
      }
    }
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.kafka.clients.consumer.RangeAssignor",
        "org.apache.kafka.clients.consumer.RoundRobinAssignor",
        "org.apache.kafka.clients.consumer.StickyAssignor",
        "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"
      })
  void twoMembersShareThePartitions(String assignor) {
    String group = "shared-" + assignor.substring(assignor.lastIndexOf('.') + 1);
    Map<String, Object> config =
        Map.of("group.id", group, "partition.assignment.strategy", assignor);
    try (KafkaConsumer<String, String> first = Reading.consumer(node, config);
        KafkaConsumer<String, String> second = Reading.consumer(node, config)) {
      first.subscribe(List.of("work"));
      second.subscribe(List.of("work"));
      Set<String> values = new HashSet<>();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> {
            first.poll(Duration.ofMillis(100)).forEach(found -> values.add(found.value()));
            second.poll(Duration.ofMillis(100)).forEach(found -> values.add(found.value()));
            return values.size() == RECORDS
                && first.assignment().size() == 2
                && second.assignment().size() == 2;
          });
    }
  }

  @Test
  void committedOffsetsOutliveARestart() throws Exception {
    TopicPartition partition = new TopicPartition("work", 0);
    try (KafkaConsumer<String, String> consumer =
        Reading.consumer(node, Map.of("group.id", "lasting"))) {
      consumer.assign(List.of(partition));
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(42, "note")));
    }
    admin.close();
    node.stop();
    node.start();
    admin = node.admin();

    try (KafkaConsumer<String, String> consumer =
        Reading.consumer(node, Map.of("group.id", "lasting"))) {
      OffsetAndMetadata committed =
          Topics.there(consumer.committed(Set.of(partition)).get(partition));
      assertThat(committed.offset()).isEqualTo(42);
      assertThat(committed.metadata()).isEqualTo("note");
    }
  }

  @Test
  void groupsAreListedDescribedAndDeleted() throws Exception {
    TopicPartition partition = new TopicPartition("work", 1);
    try (KafkaConsumer<String, String> consumer =
        Reading.consumer(node, Map.of("group.id", "listed"))) {
      consumer.assign(List.of(partition));
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(7)));
    }
    assertThat(admin.listGroups().all().get()).extracting(GroupListing::groupId).contains("listed");
    assertThat(admin.listConsumerGroupOffsets("listed").partitionsToOffsetAndMetadata().get())
        .containsEntry(partition, new OffsetAndMetadata(7));

    admin.deleteConsumerGroupOffsets("listed", Set.of(partition)).all().get();
    assertThat(admin.listConsumerGroupOffsets("listed").partitionsToOffsetAndMetadata().get())
        .isEmpty();
    admin.deleteConsumerGroups(List.of("listed")).all().get();
    assertThat(admin.listGroups().all().get())
        .extracting(GroupListing::groupId)
        .doesNotContain("listed");
  }

  @Test
  void staticMembersKeepTheirPartitionsOverARestart() {
    Map<String, Object> config =
        Map.of("group.id", "static", "group.instance.id", "one", "session.timeout.ms", 10_000);
    Set<TopicPartition> before = new HashSet<>();
    try (KafkaConsumer<String, String> consumer = Reading.consumer(node, config)) {
      consumer.subscribe(List.of("work"));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() ->
              !consumer.poll(Duration.ofMillis(100)).isEmpty() || !consumer.assignment().isEmpty());
      before.addAll(consumer.assignment());
    }
    try (KafkaConsumer<String, String> consumer = Reading.consumer(node, config)) {
      consumer.subscribe(List.of("work"));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return consumer.assignment().equals(before);
          });
    }
  }
}
