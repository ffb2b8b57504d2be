package io.tidemark.gateway.node;

import io.micrometer.core.instrument.Counter;
import io.tidemark.gateway.security.audit.AuditSink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Produces the audit log's lines to a topic, through a listener like any client, since whoever
 * leads the topic may be another node. What cannot be produced in time is counted and left out; its
 * memory is bounded. Used by one thread.
 */
final class AuditTopic implements AuditSink {
  private static final Duration CLOSE = Duration.ofSeconds(1);

  private static final Map<String, Object> SETTINGS =
      Map.of(
          "client.id",
          "tidemark-audit",
          "buffer.memory",
          4L << 20,
          "max.block.ms",
          2_000L,
          "linger.ms",
          20,
          "request.timeout.ms",
          5_000,
          "delivery.timeout.ms",
          15_000,
          "compression.type",
          "lz4");

  private final String topic;
  private final Counter dropped;
  private final KafkaProducer<byte[], byte[]> producer;

  /** Throws {@link KafkaException} where the settings make no producer. */
  AuditTopic(String topic, Map<String, Object> given, Counter dropped) {
    this.topic = topic;
    this.dropped = dropped;
    Map<String, Object> settings = new HashMap<>(SETTINGS);
    settings.putAll(given);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Whether it was taken up; what fails later is counted here. */
  @Override
  public boolean write(String line) {
    try {
      var _ =
          producer.send(
              new ProducerRecord<>(topic, line.getBytes(StandardCharsets.UTF_8)),
              (done, failure) -> {
                if (failure != null) {
                  dropped.increment();
                }
              });
      return true;
    } catch (KafkaException e) {
      return false;
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE);
  }
}
