package examples;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;

/**
 * Counts words with Kafka Streams. Its internal topics, one to bring equal words together and one
 * (compacted) that keeps the counts, are made in Tidemark by the library itself.
 */
public final class WordCount {
  private static final List<String> LINES =
      List.of("the tide comes in", "the tide goes out", "and the mark stays");

  public static void main(String[] args) throws Exception {
    String bootstrap = args[0];
    // A name of its own for each run, so that each counts its own lines.
    String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    String input = Topics.LINES + "-" + run;
    Topics.create(bootstrap, input);
    send(bootstrap, input);

    Map<String, Long> counts = new ConcurrentSkipListMap<>();
    Map<String, Long> expected = expected();
    CountDownLatch counted = new CountDownLatch(1);

    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(input, Consumed.with(Serdes.String(), Serdes.String()))
        .flatMapValues(line -> Arrays.asList(line.toLowerCase(Locale.ROOT).split("\\W+")))
        // A new key: equal words come to one partition, through an internal topic.
        .groupBy((key, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
        .count()
        .toStream()
        .foreach((word, count) -> {
          counts.put(word, count);
          if (counts.equals(expected)) {
            counted.countDown();
          }
        });

    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "example-word-count-" + run);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    // Where it keeps counts at hand; what is true of them is in Tidemark.
    config.put(StreamsConfig.STATE_DIR_CONFIG, "target/word-count");
    // Counts, offsets and the internal topics change together, in transactions.
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put("auto.offset.reset", "earliest");
    try (KafkaStreams streams = new KafkaStreams(builder.build(), config)) {
      streams.start();
      boolean isDone = counted.await(60, TimeUnit.SECONDS);
      counts.forEach((word, count) -> System.out.println(word + " " + count));
      System.out.println(isDone ? "all words counted" : "NOT all words counted: " + expected);
      streams.close();
      streams.cleanUp();
    }
  }

  private static void send(String bootstrap, String topic) {
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrap);
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      LINES.forEach(line -> producer.send(new ProducerRecord<>(topic, line)));
    }
  }

  /** The same without Kafka. */
  private static Map<String, Long> expected() {
    Map<String, Long> counts = new TreeMap<>();
    for (String line : LINES) {
      for (String word : line.split("\\W+")) {
        counts.merge(word, 1L, Long::sum);
      }
    }
    return counts;
  }
}
