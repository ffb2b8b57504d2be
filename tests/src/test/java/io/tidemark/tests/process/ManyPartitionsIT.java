package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One node with many partitions: made and started in time, idle ones without a file, a handle or a
 * thread, within a small heap. How many: {@code -Dtidemark.many.partitions=20000
 * -Dtidemark.many.heap=1g}. The guard is ten times the 60 s and 20 s that 20,000 may take.
 */
@Tag("long")
@Timeout(800)
class ManyPartitionsIT {
  private static final int PER_TOPIC = 100;
  private static final int MAX_PARTITIONS_PER_REQUEST = 10_000;
  private static final int MAX_OPEN_FILES = 50;

  private static final int PARTITIONS = Integer.getInteger("tidemark.many.partitions", 3_000);
  private static final String HEAP = System.getProperty("tidemark.many.heap", "160m");

  private static final List<TopicPartition> ALL =
      IntStream.range(0, PARTITIONS)
          .mapToObj(i -> new TopicPartition("many-" + i / PER_TOPIC, i % PER_TOPIC))
          .toList();

  /** Some hundred of them, all over. */
  private static final List<TopicPartition> WRITTEN =
      IntStream.range(0, PARTITIONS).filter(i -> i % 7 == 0).mapToObj(ALL::get).toList();

  @TempDir Path home = Path.of("");

  @Test
  void manyPartitionsCostLittle() throws Exception {
    try (NodeProcess node =
        new NodeProcess(home)
            .withHeap(HEAP)
            .with("tidemark.log.max.open.files", Integer.toString(MAX_OPEN_FILES))) {
      node.start();
      create(node, 0, 1);
      ProcessUse before = ProcessUse.of(node.pid());
      long createdMs = took(() -> create(node, 1, PARTITIONS / PER_TOPIC));
      ProcessUse idle = ProcessUse.of(node.pid());
      say("created in " + createdMs + " ms, before " + before + ", after " + idle);
      assertThat(idle.handles() - before.handles()).isLessThan(20);
      assertThat(idle.threads() - before.threads()).isLessThan(20);
      assertThat(folders()).isEmpty();

      produce(node);
      ProcessUse written = ProcessUse.of(node.pid());
      say("with records " + written);
      assertThat(folders()).hasSize(WRITTEN.size());
      assertThat(written.handles() - before.handles()).isLessThan(MAX_OPEN_FILES + 30);
      assertThat(node.stop()).as(node.logTail()).isEqualTo(143);
      assertThat(home.resolve("data/clean-shutdown")).as(node.logTail()).exists();

      long startedMs = took(node::start);
      say("started in " + startedMs + " ms, " + ProcessUse.of(node.pid()));
      assertThat(read(node)).isEqualTo(new HashSet<>(WRITTEN));
      assertThat(node.logTail()).doesNotContain("ERROR", "OutOfMemory");
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private static long took(Step step) throws Exception {
    long startedNs = System.nanoTime();
    step.run();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs);
  }

  private static void say(String what) {
    System.out.println("ManyPartitionsIT: " + PARTITIONS + " partitions, " + what);
  }

  /** By as many topics at a time as one request may create partitions for. */
  private static void create(NodeProcess node, int from, int to) throws Exception {
    int atOnce = MAX_PARTITIONS_PER_REQUEST / PER_TOPIC;
    try (Admin admin = Admin.create(clientOf(node))) {
      for (int first = from; first < to; first += atOnce) {
        admin
            .createTopics(
                IntStream.range(first, Math.min(to, first + atOnce))
                    .mapToObj(i -> new NewTopic("many-" + i, PER_TOPIC, (short) 1))
                    .toList())
            .all()
            .get();
      }
    }
  }

  private static void produce(NodeProcess node) throws Exception {
    try (var producer =
        new KafkaProducer<>(clientOf(node), new IntegerSerializer(), new IntegerSerializer())) {
      List<Future<?>> sent = new ArrayList<>();
      for (TopicPartition each : WRITTEN) {
        sent.add(
            producer.send(
                new ProducerRecord<>(each.topic(), each.partition(), 1, each.hashCode())));
      }
      for (Future<?> future : sent) {
        future.get();
      }
    }
  }

  /** Which partitions hold the record that was written into them. */
  private static Set<TopicPartition> read(NodeProcess node) {
    Set<TopicPartition> found = new HashSet<>();
    try (var consumer =
        new KafkaConsumer<>(clientOf(node), new IntegerDeserializer(), new IntegerDeserializer())) {
      consumer.assign(ALL);
      consumer.seekToBeginning(ALL);
      long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (found.size() < WRITTEN.size() && System.nanoTime() < endNs) {
        consumer
            .poll(Duration.ofMillis(500))
            .forEach(record -> {
              TopicPartition from = new TopicPartition(record.topic(), record.partition());
              assertThat(record.value()).isEqualTo(from.hashCode());
              found.add(from);
            });
      }
    }
    return found;
  }

  private static Map<String, Object> clientOf(NodeProcess node) {
    return Map.of(
        "bootstrap.servers", node.bootstrapServer(),
        "default.api.timeout.ms", 300_000,
        "request.timeout.ms", 200_000,
        "delivery.timeout.ms", 300_000,
        "max.block.ms", 300_000);
  }

  private List<Path> folders() throws Exception {
    try (Stream<Path> entries = Files.list(home.resolve("data"))) {
      return entries.filter(path -> path.getFileName().toString().startsWith("many-")).toList();
    }
  }
}
