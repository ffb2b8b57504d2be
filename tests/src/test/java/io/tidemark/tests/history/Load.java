package io.tidemark.tests.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Idempotent producers that send to one topic with acks=all until stopped, and a reader that takes
 * in everything afterwards. A record's value is its name in the {@link History}, padded.
 */
public final class Load implements AutoCloseable {
  private final String bootstrapServer;
  private final String topic;
  private final int partitions;
  private final int valueBytes;
  private final History history;
  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;
  private volatile long pauseNs;

  public Load(
      String bootstrapServer, String topic, int partitions, int valueBytes, History history) {
    this.bootstrapServer = bootstrapServer;
    this.topic = topic;
    this.partitions = partitions;
    this.valueBytes = valueBytes;
    this.history = history;
  }

  /** Lets each producer send about so many records a second, instead of all it can. */
  public Load paced(int recordsPerSecond) {
    pauseNs = 1_000_000_000L / recordsPerSecond;
    return this;
  }

  /** Starts so many producers, each with its own thread and seed. */
  public void start(int producers, RandomGenerator random, String... compressions) {
    for (int i = 0; i < producers; i++) {
      int id = i;
      String compression = compressions[i % compressions.length];
      long seed = random.nextLong();
      threads.add(
          Thread.ofPlatform()
              .name("producer-" + id)
              .start(() -> produce(id, compression, new java.util.Random(seed))));
    }
  }

  /** Stops the producers once what they sent is acknowledged or given up; answers what failed. */
  public List<String> stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    stopped = true;
    threads.forEach(Thread::interrupt);
  }

  private void produce(int id, String compression, RandomGenerator random) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServer,
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            compression,
            ProducerConfig.LINGER_MS_CONFIG,
            2,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            180_000,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            180_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            10_000,
            ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            200,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            4 << 20);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (long n = 0; !stopped; n++) {
        String value = History.value(id, n);
        history.sent();
        producer.send(
            new ProducerRecord<>(topic, random.nextInt(partitions), null, padded(value, random)),
            (metadata, thrown) -> {
              if (thrown == null) {
                history.acknowledged(
                    value, new TopicPartition(topic, metadata.partition()), metadata.offset());
              } else {
                failures.add(value + ": " + thrown);
              }
            });
        LockSupport.parkNanos(pauseNs);
      }
    } catch (RuntimeException e) {
      failures.add("producer " + id + ": " + e);
    }
  }

  private byte[] padded(String value, RandomGenerator random) {
    byte[] bytes = new byte[valueBytes];
    random.nextBytes(bytes);
    byte[] name = (value + "|").getBytes(UTF_8);
    System.arraycopy(name, 0, bytes, 0, name.length);
    return bytes;
  }

  /** Reads all partitions from the first to the last offset into the history. */
  public void readAll() {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServer,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      for (int i = 0; i < partitions; i++) {
        all.add(new TopicPartition(topic, i));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(all));
      long guard = System.nanoTime() + Duration.ofMinutes(5).toNanos();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          history.read(
              new TopicPartition(record.topic(), record.partition()),
              record.offset(),
              name(record.value()));
        }
        if (System.nanoTime() > guard) {
          throw new IllegalStateException("not read to the end within five minutes");
        }
      }
    }
  }

  private static String name(byte[] value) {
    int end = 0;
    while (value[end] != '|') {
      end++;
    }
    return new String(Arrays.copyOf(value, end), UTF_8);
  }
}
