package io.tidemark.bench.load;

import io.tidemark.bench.measure.Load;
import io.tidemark.bench.measure.Work;
import io.tidemark.bench.server.Endpoint;
import java.util.Map;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One Java producer that writes as fast as it can. Each pass writes a topic of its own, the one
 * before it being deleted, so that disk and page cache stay small.
 */
public final class JavaProduceLoad implements Load {
  private static final int LINGER_MS = 5;

  private final Topics topics;
  private final Producer<byte[], byte[]> producer;
  private final Payloads payloads;
  private final int partitions;
  private final int valueBytes;
  private final long recordsPerPass;
  private int pass;

  /**
   * @param compression as in {@code compression.type}; with {@code none} the values are random,
   *     otherwise text
   */
  public JavaProduceLoad(
      Endpoint server, int partitions, String compression, int valueBytes, long recordsPerPass) {
    this.topics = new Topics(server);
    this.producer = JavaClients.producer(server, LINGER_MS, compression);
    this.payloads =
        compression.equals("none") ? Payloads.random(valueBytes) : Payloads.text(valueBytes);
    this.partitions = partitions;
    this.valueBytes = valueBytes;
    this.recordsPerPass = recordsPerPass;
  }

  @Override
  public void prepare() throws Exception {
    if (pass > 0) {
      topics.delete(topic());
    }
    pass++;
    topics.create(topic(), partitions, Map.of());
    producer.partitionsFor(topic());
  }

  @Override
  public Work pass() {
    produce(producer, topic(), payloads, recordsPerPass);
    return Work.records(recordsPerPass, recordsPerPass * valueBytes);
  }

  @Override
  public void close() {
    producer.close();
    topics.close();
  }

  /** Sends that many records and returns when all are acknowledged. */
  static void produce(
      Producer<byte[], byte[]> producer, String topic, Payloads payloads, long records) {
    Failure failure = new Failure();
    Callback callback = failure.ofSends();
    for (long i = 0; i < records; i++) {
      producer.send(new ProducerRecord<>(topic, payloads.next()), callback);
    }
    producer.flush();
    failure.check();
  }

  private String topic() {
    return "produced-" + pass;
  }
}
