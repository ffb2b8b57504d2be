package io.tidemark.tests.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Transactional producers, each with an id of its own, that write to several partitions at once and
 * give up some of their transactions, and a reader of what is committed, until stopped. A producer
 * that cannot go on is replaced by a new one with the same id, as applications do.
 */
public final class TransactionalLoad implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final long PAUSE_NS = 5_000_000;
  private static final int COMMIT_TRIES = 5;

  private final String bootstrapServers;
  private final List<TopicPartition> partitions;
  private final TransactionHistory history;
  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger replaced = new AtomicInteger();
  private int started;
  private volatile boolean isStopped;

  public TransactionalLoad(
      String bootstrapServers, String topic, int partitions, TransactionHistory history) {
    this.bootstrapServers = bootstrapServers;
    this.partitions =
        IntStream.range(0, partitions).mapToObj(each -> new TopicPartition(topic, each)).toList();
    this.history = history;
  }

  /** Starts so many producers, each with its own thread and seed, and the reader. */
  public void start(int producers, Random random) {
    startMore(producers, random);
    begin("tail", () -> tail(history.reading("tail")));
  }

  /** Starts so many producers beside those that there are. */
  public void startMore(int producers, Random random) {
    for (int i = 0; i < producers; i++) {
      String id = "p" + started++;
      Random own = new Random(random.nextLong());
      begin(id, () -> produce(id, own));
    }
  }

  private void begin(String name, Runnable work) {
    threads.add(
        Thread.ofPlatform()
            .name(name)
            .start(() -> {
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                failures.add(e);
              }
            }));
  }

  /** Stops all once the transactions under way are over; answers what no fault explains. */
  public List<Throwable> stop() throws InterruptedException {
    isStopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    return List.copyOf(failures);
  }

  /** How often a producer had to be replaced. */
  public int replacedCount() {
    return replaced.get();
  }

  @Override
  public void close() {
    isStopped = true;
  }

  // ---- producers

  private void produce(String id, Random random) {
    while (!isStopped) {
      KafkaProducer<String, String> producer = producer(id);
      try {
        producer.initTransactions();
        while (!isStopped) {
          transact(id, producer, random);
          LockSupport.parkNanos(PAUSE_NS);
        }
      } catch (KafkaException fatal) {
        replaced.incrementAndGet();
      } finally {
        producer.close(CLOSE);
      }
    }
  }

  private KafkaProducer<String, String> producer(String id) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrapServers);
    config.put("transactional.id", id);
    config.put("transaction.timeout.ms", 20_000);
    config.put("max.block.ms", 45_000);
    config.put("request.timeout.ms", 15_000);
    config.put("delivery.timeout.ms", 30_000);
    config.put("linger.ms", 1);
    config.put("reconnect.backoff.max.ms", 200);
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }

  private void transact(String id, KafkaProducer<String, String> producer, Random random) {
    RecordedTransaction transaction = history.begin(id);
    producer.beginTransaction();
    try {
      int records = 2 + random.nextInt(4);
      for (int i = 0; i < records; i++) {
        send(producer, transaction, partitions.get(random.nextInt(partitions.size())));
      }
      if (random.nextInt(5) == 0) {
        producer.flush();
        producer.abortTransaction();
        return;
      }
      commit(producer, transaction);
    } catch (KafkaException failure) {
      // Refused by a producer that is fenced, or of which nobody knows what it committed.
      producer.abortTransaction();
    }
  }

  private static void send(
      KafkaProducer<String, String> producer,
      RecordedTransaction transaction,
      TopicPartition partition) {
    String value = transaction.write(partition);
    producer.send(
        new ProducerRecord<>(partition.topic(), partition.partition(), null, value),
        (metadata, failure) -> {
          if (failure == null) {
            transaction.acknowledged(value, metadata.offset());
          }
        });
  }

  /** A commit of which nobody knows is asked for again, as the protocol allows. */
  private void commit(KafkaProducer<String, String> producer, RecordedTransaction transaction) {
    transaction.committing();
    for (int tried = 1; ; tried++) {
      try {
        producer.commitTransaction();
        history.committed(transaction);
        return;
      } catch (TimeoutException e) {
        if (tried == COMMIT_TRIES) {
          throw e;
        }
      }
    }
  }

  // ---- readers

  private KafkaConsumer<String, String> consumer(String isolation) {
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                isolation,
                "auto.offset.reset",
                "earliest",
                "reconnect.backoff.max.ms",
                200),
            new StringDeserializer(),
            new StringDeserializer());
    consumer.assign(partitions);
    return consumer;
  }

  private void tail(CommittedReading reading) {
    try (KafkaConsumer<String, String> consumer = consumer("read_committed")) {
      while (!isStopped) {
        read(consumer, reading);
      }
    }
  }

  private static void read(KafkaConsumer<String, String> consumer, CommittedReading reading) {
    consumer
        .poll(POLL)
        .forEach(record ->
            reading.read(
                new TopicPartition(record.topic(), record.partition()),
                record.offset(),
                record.value()));
  }

  /**
   * Reads all that is committed into the history, up to the logs' ends as they are now: what is
   * open there has to be ended by then, or by its time-out.
   */
  public void replay() {
    Map<TopicPartition, Long> ends;
    try (KafkaConsumer<String, String> consumer = consumer("read_uncommitted")) {
      ends = consumer.endOffsets(partitions);
    }
    try (KafkaConsumer<String, String> consumer = consumer("read_committed")) {
      long guardNs = System.nanoTime() + Duration.ofMinutes(2).toNanos();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        read(consumer, history.replay());
        if (System.nanoTime() > guardNs) {
          throw new IllegalStateException("a transaction hangs below " + ends);
        }
      }
    }
  }
}
