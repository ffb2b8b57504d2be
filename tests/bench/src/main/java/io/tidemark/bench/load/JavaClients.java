package io.tidemark.bench.load;

import io.tidemark.bench.server.Endpoint;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's Java clients with the settings that the cases share. */
final class JavaClients {
  private static final int BATCH_BYTES = 64 * 1024;

  private JavaClients() {}

  /** acks=all and idempotent, as is the client's default. */
  static Producer<byte[], byte[]> producer(Endpoint server, int lingerMs, String compression) {
    Map<String, Object> config = new HashMap<>(server.security());
    config.put("bootstrap.servers", server.bootstrap());
    config.put("acks", "all");
    config.put("batch.size", BATCH_BYTES);
    config.put("linger.ms", lingerMs);
    config.put("compression.type", compression);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static Consumer<byte[], byte[]> consumer(Endpoint server) {
    Map<String, Object> config = new HashMap<>(server.security());
    config.put("bootstrap.servers", server.bootstrap());
    config.put("enable.auto.commit", false);
    config.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
