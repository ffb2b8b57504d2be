package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Transactions with the Java clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransactionsIT {
  private static final Duration POLL = Duration.ofMillis(200);

  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node =
        new NodeFixture(folder)
            .with("transaction.state.log.num.partitions", "4")
            .with("transaction.abort.timed.out.transaction.cleanup.interval.ms", "100")
            .withDirectoryStore(folder)
            .with("log.retention.check.interval.ms", "200")
            .with("tiering.upload.max.age.ms", "300")
            .with("log.segment.delete.delay.ms", "0")
            .start();
    admin = node.admin();
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  private void create(String topic, int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
  }

  private KafkaProducer<String, String> producer(String transactionalId, int timeoutMs) {
    Map<String, Object> config =
        node.clientConfig(
            Map.of("transactional.id", transactionalId, "transaction.timeout.ms", timeoutMs));
    config.put("max.block.ms", 20_000);
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }

  private List<String> read(String topic, String isolation, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        Reading.consumer(node, Map.of("isolation.level", isolation))) {
      List<TopicPartition> all =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      for (int poll = 0; poll < 100 && values.size() < count; poll++) {
        consumer.poll(POLL).forEach(found -> values.add(found.value()));
      }
      consumer.poll(POLL).forEach(found -> values.add(found.value()));
    }
    return values;
  }

  private long end(String topic, IsolationLevel isolation) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
        .partitionResult(partition)
        .get()
        .offset();
  }

  @Test
  void committedTransactionsAreReadAndAbortedOnesAreNot() throws Exception {
    create("ledger", 3);
    try (KafkaProducer<String, String> producer = producer("ledger-writer", 60_000)) {
      producer.initTransactions();
      for (int round = 0; round < 10; round++) {
        producer.beginTransaction();
        for (int partition = 0; partition < 3; partition++) {
          producer.send(
              new ProducerRecord<>(
                  "ledger", partition, "k", (round % 2 == 0 ? "kept-" : "dropped-") + round));
        }
        if (round % 2 == 0) {
          producer.commitTransaction();
        } else {
          producer.flush();
          producer.abortTransaction();
        }
      }
    }
    assertThat(read("ledger", "read_committed", 15))
        .hasSize(15)
        .allMatch(value -> value.startsWith("kept-"));
    assertThat(read("ledger", "read_uncommitted", 30)).hasSize(30);
  }

  @Test
  void anOpenTransactionHoldsBackCommittedReadersUntilItEnds() throws Exception {
    create("held", 1);
    try (KafkaProducer<String, String> open = producer("held-open", 60_000);
        KafkaProducer<String, String> other = producer("held-other", 60_000)) {
      open.initTransactions();
      other.initTransactions();
      open.beginTransaction();
      open.send(new ProducerRecord<>("held", 0, "k", "first")).get();
      other.beginTransaction();
      other.send(new ProducerRecord<>("held", 0, "k", "second")).get();
      other.commitTransaction();

      assertThat(end("held", IsolationLevel.READ_COMMITTED)).isZero();
      assertThat(end("held", IsolationLevel.READ_UNCOMMITTED)).isGreaterThanOrEqualTo(2);
      assertThat(producerStates("held"))
          .anySatisfy(state -> assertThat(state.currentTransactionStartOffset()).hasValue(0));
      try (KafkaConsumer<String, String> waiting =
          Reading.consumer(
              node,
              Map.of(
                  "isolation.level",
                  "read_committed",
                  "fetch.max.wait.ms",
                  120_000,
                  "request.timeout.ms",
                  180_000))) {
        TopicPartition partition = new TopicPartition("held", 0);
        waiting.assign(List.of(partition));
        assertThat(waiting.poll(POLL)).isEmpty();
        open.commitTransaction();
        List<String> values = new ArrayList<>();
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> {
              waiting.poll(POLL).forEach(found -> values.add(found.value()));
              return values.size() == 2;
            });
        assertThat(values).containsExactly("first", "second");
        waiting.close(CloseOptions.timeout(Duration.ZERO)); // not after its next long fetch
      }
    }
  }

  private List<ProducerState> producerStates(String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin
        .describeProducers(List.of(partition))
        .partitionResult(partition)
        .get()
        .activeProducers();
  }

  @Test
  @Scenario("S-156")
  void ofTwoProducersWithOneIdOnlyTheNewestCommits() throws Exception {
    create("contested", 1);
    int committed = 0;
    for (int round = 0; round < 5; round++) {
      try (KafkaProducer<String, String> old = producer("contested", 60_000);
          KafkaProducer<String, String> young = producer("contested", 60_000)) {
        old.initTransactions();
        old.beginTransaction();
        old.send(new ProducerRecord<>("contested", "k", "old-" + round)).get();
        young.initTransactions();
        young.beginTransaction();
        young.send(new ProducerRecord<>("contested", "k", "young-" + round)).get();
        assertThatThrownBy(old::commitTransaction).isInstanceOf(ProducerFencedException.class);
        young.commitTransaction();
        committed++;
      }
    }
    assertThat(read("contested", "read_committed", committed))
        .containsExactly("young-0", "young-1", "young-2", "young-3", "young-4");
  }

  @Test
  @Scenario("S-157")
  void aTransactionThatTakesTooLongIsAbortedAndItsProducerMayGoOn() throws Exception {
    create("slow", 1);
    try (KafkaProducer<String, String> producer = producer("slow", 5_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("slow", 0, "k", "too late")).get();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> state("slow") == TransactionState.COMPLETE_ABORT);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> end("slow", IsolationLevel.READ_COMMITTED) == 2);

      assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("slow", 0, "k", "in time"));
      producer.commitTransaction();
    }
    assertThat(read("slow", "read_committed", 1)).containsExactly("in time");
  }

  private TransactionState state(String transactionalId) throws Exception {
    return describe(transactionalId).state();
  }

  private TransactionDescription describe(String transactionalId) throws Exception {
    return admin.describeTransactions(List.of(transactionalId)).description(transactionalId).get();
  }

  @Test
  void transactionsAreDescribedListedAndFiltered() throws Exception {
    create("described", 2);
    try (KafkaProducer<String, String> producer = producer("described-1", 60_000)) {
      producer.initTransactions();
      assertThat(state("described-1")).isEqualTo(TransactionState.EMPTY);
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("described", 1, "k", "v")).get();

      TransactionDescription described = describe("described-1");
      assertThat(described.state()).isEqualTo(TransactionState.ONGOING);
      assertThat(described.topicPartitions()).containsExactly(new TopicPartition("described", 1));
      assertThat(described.transactionTimeoutMs()).isEqualTo(60_000);
      assertThat(list(new ListTransactionsOptions().filterOnTransactionalIdPattern("descr.*")))
          .containsExactly("described-1");
      assertThat(
              list(
                  new ListTransactionsOptions().filterProducerIds(List.of(described.producerId()))))
          .containsExactly("described-1");
      assertThat(
              list(
                  new ListTransactionsOptions()
                      .filterOnTransactionalIdPattern("descr.*")
                      .filterStates(List.of(TransactionState.EMPTY))))
          .isEmpty();
      producer.abortTransaction();
    }
    assertThatThrownBy(() -> describe("nobody's")).isInstanceOf(ExecutionException.class);
  }

  private List<String> list(ListTransactionsOptions options) throws Exception {
    return admin.listTransactions(options).all().get().stream()
        .map(TransactionListing::transactionalId)
        .toList();
  }

  @Test
  @Scenario("S-166")
  void anAdministratorEndsATransactionOnAPartitionAndTheRealCommitChangesNothing()
      throws Exception {
    create("hanging", 1);
    try (KafkaProducer<String, String> producer = producer("hanging", 60_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("hanging", 0, "k", "hung")).get();
      ProducerState state = producerStates("hanging").getFirst();

      admin
          .abortTransaction(
              new AbortTransactionSpec(
                  new TopicPartition("hanging", 0),
                  state.producerId(),
                  (short) state.producerEpoch(),
                  state.coordinatorEpoch().orElse(0)))
          .all()
          .get();

      assertThat(end("hanging", IsolationLevel.READ_COMMITTED)).isEqualTo(2);
      producer.commitTransaction();
    }
    assertThat(read("hanging", "read_committed", 0)).isEmpty();
  }

  /** What the leader of a partition asks the coordinator on another node. */
  @Test
  void nodesAreAnsweredOfEachTransactionTheyAskOf() throws Exception {
    create("asked-of", 1);
    AddPartitionsToTxnTransactionCollection asked = new AddPartitionsToTxnTransactionCollection();
    for (String id : List.of("nobodys", "nobodys-either")) {
      AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
      topics.add(new AddPartitionsToTxnTopic().setName("asked-of").setPartitions(List.of(0)));
      asked.add(
          new AddPartitionsToTxnTransaction()
              .setTransactionalId(id)
              .setProducerId(7)
              .setProducerEpoch((short) 0)
              .setTopics(topics));
    }
    short version = ApiKeys.ADD_PARTITIONS_TO_TXN.latestVersion();
    try (RawConnection connection = new RawConnection(node.bootstrapServers())) {
      AddPartitionsToTxnResponse answer =
          (AddPartitionsToTxnResponse)
              connection
                  .ask(
                      ApiKeys.ADD_PARTITIONS_TO_TXN,
                      version,
                      MessageUtil.toByteBufferAccessor(
                              new AddPartitionsToTxnRequestData().setTransactions(asked), version)
                          .buffer())
                  .response();

      assertThat(answer.errors()).containsOnlyKeys("nobodys", "nobodys-either");
      assertThat(answer.errors().values())
          .allSatisfy(errors ->
              assertThat(errors)
                  .containsOnlyKeys(new TopicPartition("asked-of", 0))
                  .doesNotContainValue(Errors.NONE));
    }
  }

  @Test
  void whatIsReadIsTransformedOnce() throws Exception {
    create("raw", 2);
    create("cooked", 2);
    try (KafkaProducer<String, String> seeds = producer("seeds", 60_000)) {
      seeds.initTransactions();
      seeds.beginTransaction();
      for (int index = 0; index < 100; index++) {
        seeds.send(new ProducerRecord<>("raw", index % 2, "k", "v" + index));
      }
      seeds.commitTransaction();
    }
    Map<String, Object> reading =
        Map.of("group.id", "cooks", "isolation.level", "read_committed", "max.poll.records", 7);
    int round = 0;
    try (KafkaConsumer<String, String> consumer = Reading.consumer(node, reading);
        KafkaProducer<String, String> producer = producer("cook", 60_000)) {
      producer.initTransactions();
      consumer.subscribe(List.of("raw"));
      int done = 0;
      while (done < 100) {
        ConsumerRecords<String, String> records = consumer.poll(POLL);
        if (records.isEmpty()) {
          continue;
        }
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, String> found : records) {
          producer.send(
              new ProducerRecord<>("cooked", found.partition(), "k", found.value() + " cooked"));
          offsets.put(
              new TopicPartition("raw", found.partition()),
              new OffsetAndMetadata(found.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        if (round++ % 3 == 1) {
          producer.abortTransaction();
          Map<TopicPartition, OffsetAndMetadata> committed =
              consumer.committed(consumer.assignment());
          consumer
              .assignment()
              .forEach(partition -> {
                OffsetAndMetadata offset = committed.get(partition);
                consumer.seek(partition, offset == null ? 0 : offset.offset());
              });
        } else {
          producer.commitTransaction();
          done += records.count();
        }
      }
    }
    assertThat(read("cooked", "read_committed", 100))
        .hasSize(100)
        .doesNotHaveDuplicates()
        .allMatch(value -> value.endsWith(" cooked"));
  }

  @Test
  @Scenario("S-160")
  @SuppressWarnings("removal") // there is no other way to claim to be somebody else
  void offsetsOfAMemberThatIsNoneAreRefusedAndTheTransactionAborts() throws Exception {
    create("fenced-in", 1);
    create("fenced-out", 1);
    Map<TopicPartition, OffsetAndMetadata> offsets =
        Map.of(new TopicPartition("fenced-in", 0), new OffsetAndMetadata(5));
    try (KafkaConsumer<String, String> member =
            Reading.consumer(node, Map.of("group.id", "fenced-group"));
        KafkaProducer<String, String> producer = producer("fenced-member", 60_000)) {
      member.subscribe(List.of("fenced-in"));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> {
            member.poll(POLL);
            return !member.assignment().isEmpty();
          });
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("fenced-out", 0, "k", "never"));
      ConsumerGroupMetadata stranger =
          new ConsumerGroupMetadata(
              "fenced-group", member.groupMetadata().generationId(), "stranger", Optional.empty());
      assertThatThrownBy(
              () -> {
                producer.sendOffsetsToTransaction(offsets, stranger);
                producer.commitTransaction();
              })
          .isInstanceOf(KafkaException.class);
      producer.abortTransaction();
      assertThat(member.committed(offsets.keySet()).values()).containsOnlyNulls();
    }
    assertThat(read("fenced-out", "read_committed", 0)).isEmpty();
  }

  @Test
  @Scenario("S-159")
  void aTopicDeletedUnderATransactionDoesNotHoldUpTheRest() throws Exception {
    create("stays", 1);
    create("goes", 1);
    try (KafkaProducer<String, String> producer = producer("survivor", 60_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("stays", 0, "k", "kept")).get();
      producer.send(new ProducerRecord<>("goes", 0, "k", "gone")).get();
      admin.deleteTopics(List.of("goes")).all().get();
      producer.commitTransaction();
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> state("survivor") == TransactionState.COMPLETE_COMMIT);
    assertThat(read("stays", "read_committed", 1)).containsExactly("kept");
  }

  /** So many bytes: {@code -Dtidemark.transaction.bytes=1000000000}. */
  @Test
  @Scenario("S-164")
  void aLargeTransactionOverManyPartitionsIsAbortedOnEachOfThem() throws Exception {
    int partitions = 200;
    long bytes = Long.getLong("tidemark.transaction.bytes", 20_000_000L);
    String value = "x".repeat(10_000);
    create("huge", partitions);
    try (KafkaProducer<String, String> producer = producer("huge", 600_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      for (long sent = 0, index = 0; sent < bytes; sent += value.length(), index++) {
        producer.send(new ProducerRecord<>("huge", (int) (index % partitions), "k", value));
      }
      producer.flush();
      assertThat(describe("huge").topicPartitions()).hasSize(partitions);
      producer.abortTransaction();
      producer.beginTransaction();
      for (int partition = 0; partition < partitions; partition++) {
        producer.send(new ProducerRecord<>("huge", partition, "k", "after " + partition));
      }
      producer.commitTransaction();
    }
    assertThat(read("huge", "read_committed", partitions))
        .hasSize(partitions)
        .doesNotHaveDuplicates()
        .allMatch(read -> read.startsWith("after "));
    assertThat(end("huge", IsolationLevel.READ_COMMITTED))
        .isEqualTo(end("huge", IsolationLevel.READ_UNCOMMITTED));
  }

  @Test
  @Scenario("S-163")
  void abortedTransactionsStayHiddenInSegmentsOfBothTiers() throws Exception {
    admin
        .createTopics(
            List.of(
                new NewTopic("tiered", 1, (short) 1)
                    .configs(
                        Map.of(
                            "remote.storage.enable", "true",
                            "local.retention.ms", "1",
                            "segment.bytes", "1048576",
                            "segment.ms", "500"))))
        .all()
        .get();
    String padding = "x".repeat(20_000);
    List<String> kept = new ArrayList<>();
    try (KafkaProducer<String, String> even = producer("tiered-even", 60_000);
        KafkaProducer<String, String> odd = producer("tiered-odd", 60_000)) {
      even.initTransactions();
      odd.initTransactions();
      for (int round = 0; round < 30; round++) {
        even.beginTransaction();
        odd.beginTransaction();
        for (int index = 0; index < 3; index++) {
          String value = round + "-" + index + padding;
          even.send(new ProducerRecord<>("tiered", 0, "even", value)).get();
          odd.send(new ProducerRecord<>("tiered", 0, "odd", value)).get();
          if (round % 2 == 0) {
            kept.add(value);
          }
        }
        if (round % 2 == 0) {
          even.commitTransaction();
        } else {
          even.abortTransaction();
        }
        odd.abortTransaction();
      }
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            Topics.offset(admin, new TopicPartition("tiered", 0), OffsetSpec.earliestLocal()) > 60);
    assertThat(read("tiered", "read_committed", kept.size())).containsExactlyElementsOf(kept);
    assertThat(read("tiered", "read_uncommitted", 180)).hasSize(180);
  }
}
