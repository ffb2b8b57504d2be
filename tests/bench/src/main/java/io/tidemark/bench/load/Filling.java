package io.tidemark.bench.load;

import io.tidemark.bench.client.ProduceLoad;
import io.tidemark.bench.client.Topic;
import io.tidemark.bench.server.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes what a case is to read: values of 1 KiB in batches of 64 KiB, the same for both servers.
 */
public final class Filling {
  static final int VALUE_BYTES = 1024;
  private static final int BATCH_BYTES = 64 << 10;
  private static final int SEGMENT_BYTES = 64 << 20;
  private static final int SLICE_SECONDS = 1;
  private static final Duration ROLL_AFTER = Duration.ofSeconds(10);

  private final Topics topics;
  private final String bootstrap;

  public Filling(Topics topics, String bootstrap) {
    this.topics = topics;
    this.bootstrap = bootstrap;
  }

  /** Makes a topic that stays on the local disk, and writes at least so much to it. */
  public Map<Integer, Long> hot(String topic, int partitions, long bytes) throws Exception {
    topics.create(topic, partitions, Map.of());
    fill(topic, partitions, bytes);
    return topics.offsets(topic, partitions, OffsetSpec.latest());
  }

  /**
   * Makes a topic and waits until all of it is in the store and off the local disk, except for one
   * record in each partition: a segment is closed only when a record comes that is younger than
   * {@code segment.ms} allows.
   */
  public Map<Integer, Long> cold(String topic, int partitions, long bytes) throws Exception {
    topics.create(
        topic,
        partitions,
        Map.of(
            "remote.storage.enable",
            "true",
            "segment.bytes",
            Integer.toString(SEGMENT_BYTES),
            "segment.ms",
            Long.toString(ROLL_AFTER.toMillis()),
            "local.retention.ms",
            "1000"));
    fill(topic, partitions, bytes);
    Map<Integer, Long> ends = topics.offsets(topic, partitions, OffsetSpec.latest());
    Thread.sleep(ROLL_AFTER);
    closeSegments(topic, partitions);
    topics.awaitLocalStart(topic, partitions, ends);
    return topics.offsets(topic, partitions, OffsetSpec.latest());
  }

  private void fill(String topic, int partitions, long bytes)
      throws IOException, InterruptedException {
    ProduceLoad load =
        new ProduceLoad(
            Topic.findOrCreate(Addresses.of(bootstrap), topic, partitions),
            new ProduceLoad.Settings(1, 5, VALUE_BYTES, BATCH_BYTES, 1, 0, -1, "none"));
    for (long written = 0; written < bytes; ) {
      written += load.run(SLICE_SECONDS).bytes();
    }
  }

  private void closeSegments(String topic, int partitions)
      throws InterruptedException, ExecutionException {
    try (Producer<byte[], byte[]> producer =
        JavaClients.producer(Endpoint.plain(bootstrap), 0, "none")) {
      for (int partition = 0; partition < partitions; partition++) {
        byte[] value = new byte[VALUE_BYTES];
        producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
      }
    }
  }
}
