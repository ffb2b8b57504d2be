package io.tidemark.tests.hostile;

import io.tidemark.gateway.node.NodeFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Produces one record after the other and reads each back at once, in a thread of its own; what
 * fails or takes too long becomes a complaint.
 */
final class HealthyClient implements AutoCloseable {
  private static final long PATIENCE_MS = 60_000;

  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile long rounds;
  private volatile boolean stopped;

  private HealthyClient(NodeFixture node, String topic) {
    this.topic = topic;
    producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of("acks", "all")),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            node.clientConfig(Map.of("auto.offset.reset", "earliest")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(List.of(new TopicPartition(topic, 0)));
    thread = Thread.ofPlatform().name("healthy-client").unstarted(this::run);
  }

  static HealthyClient start(NodeFixture node, String topic) {
    HealthyClient client = new HealthyClient(node, topic);
    client.thread.start();
    return client;
  }

  private void run() {
    try {
      for (long n = 0; !stopped; n++) {
        round(n);
        rounds = n + 1;
        Thread.sleep(5);
      }
    } catch (Exception e) {
      complaints.add(e.toString());
    }
  }

  private void round(long n) throws Exception {
    long begin = System.nanoTime();
    byte[] value = Long.toString(n).getBytes(StandardCharsets.UTF_8);
    producer
        .send(new ProducerRecord<>(topic, 0, null, value))
        .get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    ConsumerRecord<byte[], byte[]> read = next(begin);
    if (read == null || read.offset() != n) {
      complaints.add("record " + n + " was read as " + read);
    }
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    if (tookMs > PATIENCE_MS) {
      complaints.add("record " + n + " took " + tookMs + " ms");
    }
  }

  private @Nullable ConsumerRecord<byte[], byte[]> next(long begin) {
    while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        return record;
      }
    }
    return null;
  }

  List<String> complaints() {
    return List.copyOf(complaints);
  }

  long rounds() {
    return rounds;
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(PATIENCE_MS * 2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    consumer.close();
    producer.close(Duration.ofSeconds(2));
  }
}
