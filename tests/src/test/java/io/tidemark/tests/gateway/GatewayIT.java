package io.tidemark.tests.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What clients can do that reach gateways alone: everything, and they see nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 6;
  private static final int RECORDS = 600;

  private GatewayCluster cluster;
  private Admin admin;
  private int topics;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    cluster = new GatewayCluster(home).with("tiering.upload.max.age.ms", "100").start(2, 2);
    admin = cluster.admin();
  }

  @AfterAll
  void stop() {
    admin.close();
    cluster.close();
  }

  private String topic(Map<String, String> configs) throws Exception {
    String name = "t" + ++topics;
    admin
        .createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1).configs(configs)))
        .all()
        .get();
    return name;
  }

  private KafkaProducer<String, String> producer(Map<String, ?> more) {
    return new KafkaProducer<>(
        cluster.client(more), new StringSerializer(), new StringSerializer());
  }

  private KafkaConsumer<String, String> consumer(Map<String, ?> more) {
    return new KafkaConsumer<>(
        cluster.client(more), new StringDeserializer(), new StringDeserializer());
  }

  /** Values 0 to {@code count}, spread over all partitions. */
  private void produce(String topic, int count) throws Exception {
    try (KafkaProducer<String, String> producer = producer(Map.of("linger.ms", 5))) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sent.add(producer.send(record(topic, i)));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    }
  }

  private static ProducerRecord<String, String> record(String topic, int i) {
    return new ProducerRecord<>(topic, i % PARTITIONS, null, Integer.toString(i));
  }

  private static Collection<TopicPartition> partitionsOf(String topic) {
    return IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(topic, i)).toList();
  }

  private static List<Integer> read(KafkaConsumer<String, String> consumer, int count) {
    List<Integer> values = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .until(() -> {
          for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
            values.add(Integer.parseInt(each.value()));
          }
          return values.size() >= count;
        });
    return values;
  }

  private List<Integer> readAll(String topic, int count, Map<String, ?> more) {
    try (KafkaConsumer<String, String> consumer = consumer(more)) {
      consumer.assign(partitionsOf(topic));
      consumer.seekToBeginning(partitionsOf(topic));
      return read(consumer, count);
    }
  }

  private static Set<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().collect(Collectors.toSet());
  }

  @Test
  void clientsOfGatewaysSeeGatewaysAndThoseOfBrokersSeeBrokers() throws Exception {
    String topic = topic(Map.of());
    try (Admin ofBrokers = cluster.adminOf(1)) {
      assertThat(ids(admin.describeCluster().nodes().get())).containsExactly(11, 12);
      assertThat(ids(ofBrokers.describeCluster().nodes().get())).containsExactly(1, 2);

      TopicDescription seen = described(admin, topic);
      TopicDescription real = described(ofBrokers, topic);
      Set<Integer> leaders = new TreeSet<>();
      for (int i = 0; i < PARTITIONS; i++) {
        leaders.add(seen.partitions().get(i).leader().id());
        assertThat(real.partitions().get(i).leader().id()).isIn(1, 2);
        assertThat(ids(seen.partitions().get(i).replicas()))
            .isEqualTo(ids(real.partitions().get(i).replicas()));
      }
      assertThat(leaders).isSubsetOf(11, 12);
    }
    try (Admin one = cluster.adminOf(11);
        Admin other = cluster.adminOf(12)) {
      assertThat(described(one, topic)).isEqualTo(described(other, topic));
    }
  }

  private static List<Integer> ids(Collection<Node> nodes) {
    return nodes.stream().map(Node::id).sorted().toList();
  }

  private static TopicDescription described(Admin admin, String topic) throws Exception {
    return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
  }

  @Test
  void recordsOfOneRequestGoToAllTheirLeadersAndComeBack() throws Exception {
    String topic = topic(Map.of());

    produce(topic, RECORDS);

    List<Integer> values = readAll(topic, RECORDS, Map.of());
    assertThat(values).hasSize(RECORDS);
    assertThat(new HashSet<>(values)).isEqualTo(upTo(RECORDS));
    assertThat(cluster.metric(1, "tidemark_topic_in_bytes_total{topic=\"%s\"}".formatted(topic)))
        .isPositive();
    assertThat(cluster.metric(2, "tidemark_topic_in_bytes_total{topic=\"%s\"}".formatted(topic)))
        .isPositive();
  }

  @Test
  void orderWithinAPartitionIsKept() throws Exception {
    String topic = topic(Map.of());
    produce(topic, RECORDS);
    try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
      TopicPartition first = new TopicPartition(topic, 0);
      consumer.assign(List.of(first));
      consumer.seekToBeginning(List.of(first));
      assertThat(read(consumer, RECORDS / PARTITIONS)).isSorted();
    }
  }

  @Test
  void aProducerThatWantsNoAnswerIsServedToo() throws Exception {
    String topic = topic(Map.of());
    try (KafkaProducer<String, String> producer =
        producer(Map.of("acks", "0", "enable.idempotence", false))) {
      for (int i = 0; i < RECORDS; i++) {
        producer.send(record(topic, i));
      }
    }
    assertThat(new HashSet<>(readAll(topic, RECORDS, Map.of()))).isEqualTo(upTo(RECORDS));
  }

  @Test
  void aTailIsFollowedWhoeverLeadsIt() throws Exception {
    String topic = topic(Map.of());
    try (KafkaConsumer<String, String> consumer = consumer(Map.of());
        KafkaProducer<String, String> producer = producer(Map.of())) {
      consumer.assign(partitionsOf(topic));
      consumer.seekToBeginning(partitionsOf(topic));
      for (int i = 0; i < 60; i++) {
        producer.send(record(topic, i)).get();
        assertThat(read(consumer, 1)).containsExactly(i);
      }
    }
  }

  @Test
  void membersOfAGroupShareAndCommitAndStaticOnesComeBack() throws Exception {
    String topic = topic(Map.of());
    produce(topic, RECORDS);
    Map<String, Object> group = Map.of("group.id", "g-" + topic, "auto.offset.reset", "earliest");
    Map<String, Object> first = new HashMap<>(group);
    first.put("group.instance.id", "one");
    Set<TopicPartition> assigned;
    try (KafkaConsumer<String, String> one = consumer(first);
        KafkaConsumer<String, String> two = consumer(group)) {
      one.subscribe(List.of(topic));
      two.subscribe(List.of(topic));
      Set<Integer> values = new HashSet<>();
      await()
          .atMost(PATIENCE)
          .until(() -> {
            values.addAll(valuesOf(one.poll(Duration.ofMillis(100))));
            values.addAll(valuesOf(two.poll(Duration.ofMillis(100))));
            return values.size() == RECORDS
                && one.assignment().size() == PARTITIONS / 2
                && two.assignment().size() == PARTITIONS / 2;
          });
      one.commitSync();
      two.commitSync();
      assigned = Set.copyOf(one.assignment());
      assertThat(values).isEqualTo(upTo(RECORDS));
    }
    try (KafkaConsumer<String, String> again = consumer(first)) {
      again.subscribe(List.of(topic));
      await()
          .atMost(PATIENCE)
          .until(() -> again.poll(Duration.ofMillis(100)) != null && !again.assignment().isEmpty());
      assertThat(again.assignment()).containsAll(assigned);
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets("g-" + topic).partitionsToOffsetAndMetadata().get();
    assertThat(committed.values())
        .extracting(OffsetAndMetadata::offset)
        .containsOnly((long) RECORDS / PARTITIONS);
  }

  private static List<Integer> valuesOf(ConsumerRecords<String, String> records) {
    List<Integer> values = new ArrayList<>();
    records.forEach(each -> values.add(Integer.parseInt(each.value())));
    return values;
  }

  @Test
  void groupsAreListedOnceDescribedAndDeleted() throws Exception {
    String topic = topic(Map.of());
    produce(topic, PARTITIONS);
    List<String> groups =
        IntStream.range(0, 12).mapToObj(i -> "listed-%s-%d".formatted(topic, i)).toList();
    for (String group : groups) {
      try (KafkaConsumer<String, String> consumer =
          consumer(Map.of("group.id", group, "enable.auto.commit", false))) {
        consumer.assign(partitionsOf(topic));
        consumer.commitSync(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(1)));
      }
    }

    assertThat(admin.listGroups().all().get().stream().map(GroupListing::groupId))
        .containsAll(groups);
    List<String> listed = new ArrayList<>();
    for (int gateway : List.of(11, 12)) {
      try (Admin one = cluster.adminOf(gateway)) {
        one.listGroups().all().get().forEach(group -> listed.add(group.groupId()));
      }
    }
    assertThat(listed).containsAll(groups);
    assertThat(admin.describeConsumerGroups(groups).all().get().keySet())
        .containsExactlyInAnyOrderElementsOf(groups);
    admin.deleteConsumerGroups(groups).all().get();
    assertThat(admin.listGroups().all().get().stream().map(GroupListing::groupId))
        .doesNotContainAnyElementsOf(groups);
  }

  @Test
  void transactionsSpanLeadersAndAbortedOnesAreNotRead() throws Exception {
    String topic = topic(Map.of());
    try (KafkaProducer<String, String> producer =
        producer(Map.of("transactional.id", "tx-" + topic))) {
      producer.initTransactions();
      for (int round = 0; round < 10; round++) {
        producer.beginTransaction();
        for (int i = 0; i < PARTITIONS * 2; i++) {
          producer.send(record(topic, round * PARTITIONS * 2 + i));
        }
        if (round % 2 == 0) {
          producer.commitTransaction();
        } else {
          producer.abortTransaction();
        }
      }
    }
    int committed = 5 * PARTITIONS * 2;
    List<Integer> values = readAll(topic, committed, Map.of("isolation.level", "read_committed"));
    assertThat(values).hasSize(committed).allMatch(i -> i / (PARTITIONS * 2) % 2 == 0);
    Collection<TransactionListing> listed = admin.listTransactions().all().get();
    assertThat(listed).filteredOn(each -> each.transactionalId().equals("tx-" + topic)).hasSize(1);
    assertThat(
            admin
                .describeTransactions(List.of("tx-" + topic))
                .description("tx-" + topic)
                .get()
                .topicPartitions())
        .isEmpty();
  }

  @Test
  void offsetsAreCommittedInATransaction() throws Exception {
    String topic = topic(Map.of());
    produce(topic, PARTITIONS);
    try (KafkaConsumer<String, String> consumer =
            consumer(
                Map.of(
                    "group.id",
                    "eos-" + topic,
                    "auto.offset.reset",
                    "earliest",
                    "enable.auto.commit",
                    false));
        KafkaProducer<String, String> producer =
            producer(Map.of("transactional.id", "eos-" + topic))) {
      consumer.subscribe(List.of(topic));
      assertThat(new HashSet<>(read(consumer, PARTITIONS))).isEqualTo(upTo(PARTITIONS));
      producer.initTransactions();
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(
          Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(1)), consumer.groupMetadata());
      producer.commitTransaction();
    }
    assertThat(
            admin
                .listConsumerGroupOffsets("eos-" + topic)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(new TopicPartition(topic, 0))
                .offset())
        .isEqualTo(1);
  }

  @Test
  void administratorsDoWhatTheyDoElsewhere() throws Exception {
    String topic = topic(Map.of());
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    admin
        .incrementalAlterConfigs(
            Map.of(
                resource,
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry("retention.ms", "1234567"), AlterConfigOp.OpType.SET))))
        .all()
        .get();
    await() // whichever node is asked: it follows the controller, as Kafka's do
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(configOf(resource, "retention.ms")).isEqualTo("1234567"));

    produce(topic, RECORDS);
    Map<TopicPartition, OffsetSpec> ends =
        partitionsOf(topic).stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
    assertThat(admin.listOffsets(ends).all().get().values())
        .hasSize(PARTITIONS)
        .allMatch(end -> end.offset() == RECORDS / PARTITIONS);
    Map<TopicPartition, RecordsToDelete> deletions =
        partitionsOf(topic).stream()
            .collect(Collectors.toMap(p -> p, p -> RecordsToDelete.beforeOffset(3)));
    admin.deleteRecords(deletions).all().get();
    Map<TopicPartition, OffsetSpec> starts =
        partitionsOf(topic).stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.earliest()));
    assertThat(admin.listOffsets(starts).all().get().values())
        .allMatch(start -> start.offset() == 3);
    admin.deleteTopics(List.of(topic)).all().get();
  }

  private String configOf(ConfigResource resource, String name) throws Exception {
    return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
  }

  @Test
  void aGatewayIsGivenNoReplica() throws Exception {
    String topic = topic(Map.of());
    assertThat(described(admin, topic).partitions())
        .allSatisfy(partition -> assertThat(ids(partition.replicas())).isSubsetOf(1, 2));
    assertThatThrownBy(() ->
            admin
                .alterPartitionReassignments(
                    Map.of(
                        new TopicPartition(topic, 0),
                        Optional.of(new NewPartitionReassignment(List.of(11)))))
                .all()
                .get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InvalidReplicaAssignmentException.class);
  }

  @Test
  void aReplayReadsTheBucketAndNoLeaderHearsOfIt() throws Exception {
    String topic = tiered();
    double ofGateways = fromGateways(topic);
    double ofLeaders = fromLeaders(topic);
    double remoteOfLeaders = remoteReads(1) + remoteReads(2);

    List<Integer> values = readAll(topic, RECORDS, Map.of());

    assertThat(values).hasSize(RECORDS).doesNotHaveDuplicates();
    assertThat(fromLeaders(topic)).isEqualTo(ofLeaders);
    assertThat(remoteReads(1) + remoteReads(2)).isEqualTo(remoteOfLeaders);
    assertThat(fromGateways(topic)).isGreaterThan(ofGateways);
  }

  @Test
  void committedReadersReplayTheBucketWithoutAbortedRecords() throws Exception {
    String topic = topic(tieredConfigs());
    int rounds = 30;
    int each = PARTITIONS * 4;
    try (KafkaProducer<String, String> producer =
        producer(Map.of("transactional.id", "cold-" + topic, "batch.size", 100))) {
      producer.initTransactions();
      for (int round = 0; round < rounds; round++) {
        producer.beginTransaction();
        for (int i = 0; i < each; i++) {
          producer.send(record(topic, round * each + i));
        }
        if (round % 3 == 0) {
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
    }
    awaitTiered(topic);

    List<Integer> values =
        readAll(topic, rounds * 2 / 3 * each, Map.of("isolation.level", "read_committed"));

    assertThat(values)
        .hasSize(rounds * 2 / 3 * each)
        .doesNotHaveDuplicates()
        .allMatch(value -> value / each % 3 != 0);
    assertThat(fromGateways(topic)).isPositive();
    assertThat(fromLeaders(topic)).isZero();
  }

  private static Map<String, String> tieredConfigs() {
    return Map.of(
        "remote.storage.enable", "true",
        "local.retention.ms", "1");
  }

  private String tiered() throws Exception {
    String topic = topic(tieredConfigs());
    try (KafkaProducer<String, String> producer = producer(Map.of("batch.size", 200))) {
      for (int i = 0; i < RECORDS; i++) {
        producer.send(record(topic, i));
      }
    }
    awaitTiered(topic);
    return topic;
  }

  /** Until everything is in the bucket and nothing on disk any more. */
  private void awaitTiered(String topic) {
    Map<TopicPartition, OffsetSpec> local = all(topic, OffsetSpec.earliestLocal());
    Map<TopicPartition, OffsetSpec> latest = all(topic, OffsetSpec.latest());
    await().atMost(PATIENCE).until(() -> offsets(local).equals(offsets(latest)));
  }

  private static Map<TopicPartition, OffsetSpec> all(String topic, OffsetSpec spec) {
    return partitionsOf(topic).stream().collect(Collectors.toMap(p -> p, p -> spec));
  }

  private Map<TopicPartition, Long> offsets(Map<TopicPartition, OffsetSpec> asked)
      throws Exception {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin.listOffsets(asked).all().get().forEach((p, found) -> offsets.put(p, found.offset()));
    return offsets;
  }

  private double fromLeaders(String topic) throws Exception {
    return out(1, topic) + out(2, topic);
  }

  private double fromGateways(String topic) throws Exception {
    return out(11, topic) + out(12, topic);
  }

  private double out(int node, String topic) throws Exception {
    return cluster.metric(node, "tidemark_topic_out_bytes_total{topic=\"%s\"}".formatted(topic));
  }

  private double remoteReads(int node) throws Exception {
    return cluster.metric(node, "tidemark_remote_reads_total");
  }
}
