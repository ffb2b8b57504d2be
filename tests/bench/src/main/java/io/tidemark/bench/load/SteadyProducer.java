package io.tidemark.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A Java producer with default settings that sends at a fixed rate, on a thread of its own, until
 * it is closed, whatever becomes of the servers meanwhile. The partitions take turns.
 */
public final class SteadyProducer implements AutoCloseable {
  private static final int VALUE_BYTES = 1024;
  private static final int DIGITS = 3;
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final long LOOK_AGAIN_MS = 1;

  private final String topic;
  private final List<Integer> partitions;
  private final int perSecond;
  private final Producer<byte[], byte[]> producer;
  private final Payloads payloads = Payloads.random(VALUE_BYTES);
  private final Recorder latency = new Recorder(DIGITS);
  private final AtomicLong failed = new AtomicLong();
  private final Thread thread;

  /** When the newest record that is acknowledged was sent. Written by the client's thread alone. */
  private volatile long newestSentNanos;

  private volatile boolean isClosed;

  public SteadyProducer(String bootstrap, String topic, List<Integer> partitions, int perSecond) {
    this.topic = topic;
    this.partitions = List.copyOf(partitions);
    this.perSecond = perSecond;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.newestSentNanos = System.nanoTime();
    this.thread = Thread.ofPlatform().name("steady-producer").start(this::run);
  }

  private void run() {
    Pacer pacer = new Pacer(System.nanoTime(), perSecond);
    for (long i = 0; !isClosed; i++) {
      long due = pacer.dueNanos(i);
      pacer.await(due);
      send(partitions.get((int) (i % partitions.size())), due);
    }
  }

  private void send(int partition, long dueNanos) {
    long sentNanos = System.nanoTime();
    producer.send(
        new ProducerRecord<>(topic, partition, null, payloads.next()),
        (_, failure) -> {
          if (failure == null) {
            acknowledged(dueNanos, sentNanos);
          } else {
            failed.incrementAndGet();
          }
        });
  }

  private void acknowledged(long dueNanos, long sentNanos) {
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos);
    latency.recordValue(Math.max(0, micros));
    newestSentNanos = Math.max(newestSentNanos, sentNanos);
  }

  /**
   * Waits until a record is acknowledged that was sent after the moment, on the clock of {@link
   * System#nanoTime}; answers how many milliseconds after the moment that was.
   */
  public double awaitAcknowledgedAfter(long momentNanos) throws InterruptedException {
    while (newestSentNanos <= momentNanos) {
      if (System.nanoTime() - momentNanos > LIMIT.toNanos()) {
        throw new IllegalStateException("nothing was acknowledged for " + LIMIT);
      }
      Thread.sleep(LOOK_AGAIN_MS);
    }
    return (System.nanoTime() - momentNanos) / 1e6;
  }

  /** Stops sending and waits until every record is acknowledged or has failed. */
  public void finish() throws InterruptedException {
    isClosed = true;
    thread.join();
    producer.flush();
  }

  /** In microseconds, from the moments at which the acknowledged records were due. */
  public Histogram latency() {
    return latency.getIntervalHistogram();
  }

  /** Records that the client gave up, after all its retries. */
  public long failed() {
    return failed.get();
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ZERO);
  }
}
