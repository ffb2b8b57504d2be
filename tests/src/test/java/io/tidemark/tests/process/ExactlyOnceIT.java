package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node is killed with SIGKILL again and again while a client reads, transforms and writes in
 * transactions, each to two partitions, and aborts some of them itself. Afterwards every input has
 * had its effect once: nothing is lost, nothing is there twice, nothing aborted is read, and no
 * transaction is on one partition and not on the other. Rounds: {@code -Dtidemark.kill.rounds=20};
 * a seed: {@code -Dtidemark.seed=…}.
 */
@Tag("long")
class ExactlyOnceIT {
  private static final String INPUT = "input";
  private static final String OUTPUT = "output";
  private static final int PARTITIONS = 2;
  private static final int PER_ROUND = 300;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MAX_POLLS = 600;

  @TempDir Path home = Path.of("");

  @Test
  @Scenario("S-152")
  void eachInputHasItsEffectOnceThroughKillsOfTheNode() throws Exception {
    int rounds = Integer.getInteger("tidemark.kill.rounds", 6);
    long seed = Long.getLong("tidemark.seed", 20_261_130L);
    System.out.println("ExactlyOnceIT: seed " + seed + ", rounds " + rounds);
    Random random = new Random(seed);
    AtomicBoolean isStopping = new AtomicBoolean();
    try (NodeProcess node =
        new NodeProcess(home)
            .with("offsets.topic.num.partitions", "2")
            .with("transaction.state.log.num.partitions", "2")
            .with("group.initial.rebalance.delay.ms", "0")) {
      node.start();
      create(node);
      produce(node, rounds * PER_ROUND);
      CompletableFuture<Void> worker =
          CompletableFuture.runAsync(
              () -> work(node, new Random(seed + 1), rounds * PER_ROUND, isStopping));
      for (int round = 0; round < rounds && !worker.isDone(); round++) {
        Thread.sleep(500 + random.nextInt(1_500));
        node.kill();
        node.start();
      }
      worker.get(3, TimeUnit.MINUTES);
      for (int partition = 0; partition < PARTITIONS; partition++) {
        assertThat(output(node, partition, rounds * PER_ROUND))
            .as("partition %d, seed %d", partition, seed)
            .containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, rounds * PER_ROUND).mapToObj(i -> "done " + i).toList());
      }
      node.kill();
    } finally {
      isStopping.set(true);
    }
  }

  private static void create(NodeProcess node) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(INPUT, PARTITIONS, (short) 1),
                  new NewTopic(OUTPUT, PARTITIONS, (short) 1)))
          .all()
          .get();
    }
  }

  private static KafkaProducer<String, String> producer(NodeProcess node, Map<String, ?> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("bootstrap.servers", node.bootstrapServer());
    config.put("max.block.ms", 20_000);
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }

  private static KafkaConsumer<String, String> consumer(NodeProcess node, Map<String, ?> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("bootstrap.servers", node.bootstrapServer());
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", false);
    config.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
  }

  private static void produce(NodeProcess node, int count) {
    try (KafkaProducer<String, String> producer = producer(node, Map.of())) {
      for (int index = 0; index < count; index++) {
        producer.send(
            new ProducerRecord<>(INPUT, index % PARTITIONS, "k", Integer.toString(index)));
      }
    }
  }

  /** Begins anew with fresh clients whenever these cannot go on, as applications do. */
  private static void work(NodeProcess node, Random random, int count, AtomicBoolean isStopping) {
    while (!isStopping.get()) {
      try (KafkaConsumer<String, String> consumer =
              consumer(node, Map.of("group.id", "workers", "max.poll.records", 9));
          KafkaProducer<String, String> producer =
              producer(node, Map.of("transactional.id", "worker"))) {
        producer.initTransactions();
        consumer.subscribe(List.of(INPUT));
        while (!isStopping.get()) {
          ConsumerRecords<String, String> records = consumer.poll(POLL);
          if (records.isEmpty() && isDone(consumer, count)) {
            return;
          }
          if (!records.isEmpty()) {
            transform(records, consumer, producer, random);
          }
        }
      } catch (KafkaException fatal) {
        System.out.println("ExactlyOnceIT: the worker begins anew after " + fatal);
      }
    }
  }

  private static boolean isDone(KafkaConsumer<String, String> consumer, int count) {
    List<TopicPartition> inputs = inputs();
    return consumer.committed(new HashSet<>(inputs)).values().stream()
            .mapToLong(offset -> offset == null ? 0 : offset.offset())
            .sum()
        == count;
  }

  private static List<TopicPartition> inputs() {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(partition -> new TopicPartition(INPUT, partition))
        .toList();
  }

  private static void transform(
      ConsumerRecords<String, String> records,
      KafkaConsumer<String, String> consumer,
      KafkaProducer<String, String> producer,
      Random random) {
    producer.beginTransaction();
    try {
      boolean keeps = random.nextInt(4) > 0;
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      for (ConsumerRecord<String, String> found : records) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
          String value = (keeps ? "done " : "aborted ") + found.value();
          producer.send(new ProducerRecord<>(OUTPUT, partition, "k", value));
        }
        offsets.put(
            new TopicPartition(INPUT, found.partition()),
            new OffsetAndMetadata(found.offset() + 1));
      }
      producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
      if (!keeps) {
        throw new IllegalStateException("this one is given up");
      }
      producer.commitTransaction();
    } catch (KafkaException | IllegalStateException failure) {
      producer.abortTransaction();
      rewind(consumer);
    }
  }

  private static void rewind(KafkaConsumer<String, String> consumer) {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
    for (TopicPartition partition : consumer.assignment()) {
      OffsetAndMetadata offset = committed.get(partition);
      consumer.seek(partition, offset == null ? 0 : offset.offset());
    }
  }

  private static List<String> output(NodeProcess node, int partition, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = consumer(node, Map.of())) {
      TopicPartition read = new TopicPartition(OUTPUT, partition);
      consumer.assign(List.of(read));
      for (int poll = 0; poll < MAX_POLLS && values.size() < count; poll++) {
        consumer.poll(POLL).forEach(found -> values.add(found.value()));
      }
      consumer.poll(POLL).forEach(found -> values.add(found.value()));
    }
    return values;
  }
}
