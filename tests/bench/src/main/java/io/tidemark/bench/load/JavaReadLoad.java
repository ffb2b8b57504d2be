package io.tidemark.bench.load;

import io.tidemark.bench.measure.Load;
import io.tidemark.bench.measure.Work;
import io.tidemark.bench.server.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** One Java consumer that reads a topic from its beginning to given ends, again in each pass. */
public final class JavaReadLoad implements Load {
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final Map<Integer, Long> ends;

  /**
   * @param ends for each partition the offset to stop before
   */
  public JavaReadLoad(Endpoint server, String topic, Map<Integer, Long> ends) {
    this.consumer = JavaClients.consumer(server);
    this.topic = topic;
    this.ends = new TreeMap<>(ends);
  }

  @Override
  public void prepare() {
    var partitions = ends.keySet().stream().map(p -> new TopicPartition(topic, p)).toList();
    consumer.assign(partitions);
    consumer.resume(partitions);
    consumer.seekToBeginning(partitions);
  }

  @Override
  public Work pass() {
    Map<Integer, Long> missing = new TreeMap<>(ends);
    missing.values().removeIf(end -> end == 0);
    long records = 0;
    long bytes = 0;
    long progress = System.nanoTime();
    while (!missing.isEmpty()) {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(100));
      if (!polled.isEmpty()) {
        progress = System.nanoTime();
      } else if (System.nanoTime() - progress > STALL_NANOS) {
        throw new IllegalStateException("nothing came for a minute, still to read: " + missing);
      }
      for (ConsumerRecord<byte[], byte[]> record : polled) {
        records++;
        bytes += record.value().length;
      }
      polled.partitions().forEach(partition -> finish(partition, missing));
    }
    return Work.records(records, bytes);
  }

  /** A partition that was read to its end is not asked for again. */
  private void finish(TopicPartition partition, Map<Integer, Long> missing) {
    Long end = missing.get(partition.partition());
    if (end != null && consumer.position(partition) >= end) {
      missing.remove(partition.partition());
      consumer.pause(List.of(partition));
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
