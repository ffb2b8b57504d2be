package io.tidemark.bench.load;

import io.tidemark.bench.server.Endpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Recorder;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A Java consumer at the end of a topic, on a thread of its own. It counts what arrives and, for
 * each record, how long ago it was due.
 */
final class TailReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final Recorder latency;
  private final Failure failure;
  private final AtomicLong received = new AtomicLong();
  private final Thread thread;
  private volatile boolean isClosed;

  /**
   * Starts at the topic's present end.
   *
   * @param latency gets microseconds; shared by readers
   */
  TailReader(String bootstrap, List<TopicPartition> partitions, Recorder latency, Failure failure) {
    this.consumer = JavaClients.consumer(Endpoint.plain(bootstrap));
    this.latency = latency;
    this.failure = failure;
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    this.thread = Thread.ofPlatform().name("tail-reader").start(this::read);
  }

  long received() {
    return received.get();
  }

  private void read() {
    try {
      while (!isClosed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          long dueNanos = ByteBuffer.wrap(record.value()).getLong();
          long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos);
          latency.recordValue(Math.max(0, micros));
          received.incrementAndGet();
        }
      }
    } catch (RuntimeException e) {
      failure.keep(e);
    }
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    consumer.close();
  }
}
