package io.tidemark.gateway.cli;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * Orders that are produced all the time, with the Kafka Java client as it comes, and summed up as
 * they are sent. On a thread of its own; its owner stops it.
 */
final class OrderLoad implements AutoCloseable {
  private static final double ORDERS_PER_SECOND = 2_000;

  /** More than anybody waits for. */
  private static final long ENDLESS_BYTES = 1L << 40;

  private final OrderStream orders;
  private final Time time;
  private final KafkaProducer<byte[], byte[]> producer;
  private final StreamChecksum[] sums;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Thread thread;

  /** Written by the producer's thread: when each partition's newest acknowledged order was sent. */
  private final long[] acknowledgedSentMs;

  private long acknowledged;
  private volatile boolean isStopped;

  OrderLoad(
      String bootstrapServers, String topic, int partitions, RandomGenerator random, Time time) {
    this.orders = new OrderStream(random, topic, partitions, ENDLESS_BYTES, time.milliseconds());
    this.time = time;
    this.sums = new StreamChecksum[partitions];
    this.acknowledgedSentMs = new long[partitions];
    for (int i = 0; i < partitions; i++) {
      sums[i] = new StreamChecksum();
    }
    this.producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.thread = Thread.ofPlatform().daemon().name("orders").start(this::produce);
  }

  private void produce() {
    Pace pace = Pace.of(ORDERS_PER_SECOND, time);
    try {
      while (!isStopped && failure.get() == null) {
        pace.awaitTurn();
        send(orders.next());
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void send(ProducerRecord<byte[], byte[]> order) {
    int partition = order.partition();
    long sentMs = time.hiResClockMs();
    sums[partition].add(order.timestamp(), order.key(), order.value(), order.headers());
    producer.send(order, (_, thrown) -> done(partition, sentMs, thrown));
  }

  private void done(int partition, long sentMs, @Nullable Exception thrown) {
    if (thrown != null) {
      failure.compareAndSet(null, thrown);
      return;
    }
    synchronized (acknowledgedSentMs) {
      acknowledged++;
      acknowledgedSentMs[partition] = sentMs;
    }
  }

  long acknowledged() throws Exception {
    checkFailure();
    synchronized (acknowledgedSentMs) {
      return acknowledged;
    }
  }

  /** Whether an order of the partition that was sent after a moment is acknowledged. */
  boolean isAcknowledgedSince(int partition, long sinceMs) throws Exception {
    checkFailure();
    synchronized (acknowledgedSentMs) {
      return acknowledgedSentMs[partition] > sinceMs;
    }
  }

  private void checkFailure() throws Exception {
    Exception failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  /** Sends nothing more and waits until all is acknowledged; answers the sums by partition. */
  StreamChecksum[] finish() throws Exception {
    isStopped = true;
    thread.join();
    producer.flush();
    checkFailure();
    return sums.clone();
  }

  @Override
  public void close() {
    isStopped = true;
    producer.close(Duration.ZERO);
  }
}
