package io.tidemark.bench.load;

import io.tidemark.bench.measure.Load;
import io.tidemark.bench.measure.Work;
import io.tidemark.bench.server.Endpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An open-loop producer of a fixed rate and readers at the end of the topic. Each record carries
 * the moment at which it was due; readers tell how much later it came.
 */
public final class TailLoad implements Load {
  private static final int VALUE_BYTES = 1024;
  private static final String TOPIC = "tail";
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int DIGITS = 3;

  /**
   * What is asked of the server.
   *
   * @param perSecond records of 1 KiB
   * @param isSpread whether partitions take turns record by record; else the client's partitioner
   *     fills one batch after the other
   */
  public record Shape(int partitions, int perSecond, int lingerMs, int readers, boolean isSpread) {}

  private final Shape shape;
  private final long recordsPerPass;
  private final Producer<byte[], byte[]> producer;
  private final List<TailReader> readers = new ArrayList<>();
  private final Recorder endToEnd = new Recorder(DIGITS);
  private final Recorder acknowledged = new Recorder(DIGITS);
  private final Failure failure = new Failure();
  private final Payloads payloads = Payloads.random(VALUE_BYTES);
  private long sent;

  public TailLoad(String bootstrap, Shape shape, Duration pass) throws Exception {
    this.shape = shape;
    this.recordsPerPass = shape.perSecond() * pass.toMillis() / 1000;
    try (Topics topics = new Topics(bootstrap)) {
      topics.create(TOPIC, shape.partitions(), Map.of());
    }
    this.producer = JavaClients.producer(Endpoint.plain(bootstrap), shape.lingerMs(), "none");
    producer.partitionsFor(TOPIC);
    for (int i = 0; i < shape.readers(); i++) {
      var partitions = Topics.partitions(TOPIC, shape.partitions());
      readers.add(new TailReader(bootstrap, partitions, endToEnd, failure));
    }
  }

  /**
   * The bytes of all readers together and how late records came; where nobody reads, the bytes of
   * the producer and how late they were acknowledged.
   */
  @Override
  public Work pass() throws InterruptedException {
    endToEnd.reset();
    acknowledged.reset();
    Pacer pacer = new Pacer(System.nanoTime(), shape.perSecond());
    for (long i = 0; i < recordsPerPass; i++) {
      long due = pacer.dueNanos(i);
      pacer.await(due);
      byte[] value = payloads.next().clone();
      ByteBuffer.wrap(value).putLong(due);
      producer.send(new ProducerRecord<>(TOPIC, partition(i), null, value), acknowledgement(due));
    }
    producer.flush();
    sent += recordsPerPass;
    awaitReaders();
    long delivered = recordsPerPass * Math.max(1, readers.size());
    Recorder latency = readers.isEmpty() ? acknowledged : endToEnd;
    return new Work(delivered, delivered * VALUE_BYTES, 0, latency.getIntervalHistogram());
  }

  /** How long after they were due the records of the newest pass were acknowledged, in µs. */
  public Histogram acknowledged() {
    return acknowledged.getIntervalHistogram();
  }

  private @Nullable Integer partition(long number) {
    return shape.isSpread() ? (int) (number % shape.partitions()) : null;
  }

  private Callback acknowledgement(long dueNanos) {
    return (metadata, failed) -> {
      if (failed != null) {
        failure.keep(failed);
      }
      long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos);
      acknowledged.recordValue(Math.max(0, micros));
    };
  }

  private void awaitReaders() throws InterruptedException {
    long deadline = System.nanoTime() + STALL_NANOS;
    for (TailReader reader : readers) {
      while (reader.received() < sent) {
        failure.check();
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("a reader has " + reader.received() + " of " + sent);
        }
        Thread.sleep(1);
      }
    }
    failure.check();
  }

  @Override
  public void close() {
    readers.forEach(TailReader::close);
    producer.close();
  }
}
