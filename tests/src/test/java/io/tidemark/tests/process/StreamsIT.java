package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka Streams counts words with {@code exactly_once_v2} and is killed with SIGKILL after a number
 * of records that is drawn; every other time the node is killed as well. In the end each word has
 * been counted as often as it was written, one after the other. Kills: {@code
 * -Dtidemark.kill.rounds=20}; a seed: {@code -Dtidemark.seed=…}.
 */
@Tag("long")
class StreamsIT {
  private static final int PARTITIONS = 2;
  private static final int LINES_PER_ROUND = 400;
  private static final int WORDS_PER_LINE = 6;
  private static final int VOCABULARY = 60;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final int rounds = Integer.getInteger("tidemark.kill.rounds", 3);
  private final long seed = Long.getLong("tidemark.seed", 20_261_130L);
  private final Random random = new Random(seed);
  private final Map<String, Long> written = new TreeMap<>();

  @Test
  void eachWordIsCountedOnceThroughKillsOfStreamsAndOfTheNode(@TempDir Path home) throws Exception {
    System.out.println("StreamsIT: seed " + seed + ", rounds " + rounds);
    try (NodeProcess node =
            new NodeProcess(home)
                .with("offsets.topic.num.partitions", "2")
                .with("transaction.state.log.num.partitions", "2")
                .with("group.initial.rebalance.delay.ms", "0");
        WordCountProcess counting = new WordCountProcess(node.bootstrapServer(), home)) {
      node.start();
      create(node);
      counting.start();
      for (int round = 0; round < rounds; round++) {
        write(node);
        countsReach(node, counting, countedBefore(round) + random.nextInt(perRound()));
        counting.kill();
        if (round % 2 == 1) {
          node.kill();
          node.start();
        }
        counting.start();
      }
      write(node);
      countsReach(node, counting, (long) (rounds + 1) * perRound());

      assertThat(committedCounts(node, counting))
          .as("seed %d", seed)
          .isEqualTo(
              written.entrySet().stream()
                  .collect(
                      Collectors.toMap(
                          Map.Entry::getKey,
                          word -> LongStream.rangeClosed(1, word.getValue()).boxed().toList())));
      counting.kill();
    }
  }

  private static int perRound() {
    return LINES_PER_ROUND * WORDS_PER_LINE;
  }

  /** What is counted for sure before a round's lines: half of what came before them. */
  private static long countedBefore(int round) {
    return (long) round * perRound() / 2;
  }

  private static void create(NodeProcess node) throws Exception {
    try (Admin admin = admin(node)) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(WordCount.LINES, PARTITIONS, (short) 1),
                  new NewTopic(WordCount.COUNTS, PARTITIONS, (short) 1)))
          .all()
          .get();
    }
  }

  private static Admin admin(NodeProcess node) {
    return Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()));
  }

  /** A round's lines, of words of which some are frequent. */
  private void write(NodeProcess node) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", node.bootstrapServer()),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = 0; i < LINES_PER_ROUND; i++) {
        List<String> words =
            IntStream.range(0, WORDS_PER_LINE)
                .mapToObj(_ -> "word-" + random.nextInt(1 + random.nextInt(VOCABULARY)))
                .toList();
        words.forEach(word -> written.merge(word, 1L, Long::sum));
        producer.send(
            new ProducerRecord<>(WordCount.LINES, i % PARTITIONS, null, String.join(" ", words)));
      }
    }
  }

  /** Waits until so many counts lie in the log, committed or not. */
  private static void countsReach(NodeProcess node, WordCountProcess counting, long count)
      throws Exception {
    try (Admin admin = admin(node)) {
      patiently()
          .atMost(PATIENCE)
          .conditionEvaluationListener(condition -> {
            if (condition.getRemainingTimeInMS() <= 0) {
              System.out.println(counting.logTail());
            }
          })
          .until(() -> endOffsets(admin) >= count);
    }
  }

  private static long endOffsets(Admin admin) throws Exception {
    Map<TopicPartition, OffsetSpec> ends =
        counts().stream()
            .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get().values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  private static List<TopicPartition> counts() {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(partition -> new TopicPartition(WordCount.COUNTS, partition))
        .toList();
  }

  /** Reads until as much as was written has been counted, and whatever is there beyond. */
  private Map<String, List<Long>> committedCounts(NodeProcess node, WordCountProcess counting) {
    Map<String, List<Long>> counts = new TreeMap<>();
    long words = written.values().stream().mapToLong(Long::longValue).sum();
    try (KafkaConsumer<String, Long> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                node.bootstrapServer(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new LongDeserializer())) {
      consumer.assign(counts());
      await()
          .atMost(PATIENCE)
          .until(() -> {
            boolean isQuiet = read(consumer, counts) == 0;
            long read = counts.values().stream().mapToLong(List::size).sum();
            return isQuiet && read >= words;
          });
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed + "\n" + counting.logTail(), e);
    }
    return counts;
  }

  private static int read(KafkaConsumer<String, Long> consumer, Map<String, List<Long>> counts) {
    var records = consumer.poll(Duration.ofMillis(500));
    records.forEach(
        record -> counts.computeIfAbsent(record.key(), _ -> new ArrayList<>()).add(record.value()));
    return records.count();
  }
}
