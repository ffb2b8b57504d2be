package io.tidemark.bench.load;

import io.tidemark.bench.measure.Load;
import io.tidemark.bench.measure.Work;
import io.tidemark.bench.server.Endpoint;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The cleaner at work: a compacted topic of one partition is filled with many values of few keys
 * while nothing counts as dirty enough, then everything does. A pass is over when the log is as
 * small as its keys allow. Each pass fills a topic of its own.
 */
public final class CleaningLoad implements Load {
  private static final int VALUE_BYTES = 1024;
  private static final int KEYS = 10_000;
  private static final int SEGMENT_BYTES = 16 << 20;
  private static final int LINGER_MS = 5;
  private static final String DIRTY_RATIO = "min.cleanable.dirty.ratio";

  private final Topics topics;
  private final Producer<byte[], byte[]> producer;
  private final long recordsPerPass;
  private String topic = "";
  private int pass;

  public CleaningLoad(String bootstrap, long bytesPerPass) {
    this.topics = new Topics(bootstrap);
    this.producer = JavaClients.producer(Endpoint.plain(bootstrap), LINGER_MS, "none");
    this.recordsPerPass = bytesPerPass / VALUE_BYTES;
  }

  @Override
  public void prepare() throws Exception {
    if (pass > 0) {
      topics.delete(topic);
    }
    topic = "cleaned-" + pass++;
    topics.create(
        topic,
        1,
        Map.of(
            "cleanup.policy",
            "compact",
            DIRTY_RATIO,
            "1.0",
            "segment.bytes",
            Integer.toString(SEGMENT_BYTES)));
    SplittableRandom random = new SplittableRandom(pass);
    for (long i = 0; i < recordsPerPass; i++) {
      byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(random.nextInt(KEYS)).array();
      byte[] value = new byte[VALUE_BYTES];
      random.nextBytes(value);
      producer.send(new ProducerRecord<>(topic, 0, key, value));
    }
    producer.flush();
  }

  @Override
  public Work pass() throws Exception {
    topics.configure(topic, DIRTY_RATIO, "0.01");
    // The newest values, with room for their batches, and the segment being written.
    topics.awaitSize(topic, 2L * KEYS * VALUE_BYTES + SEGMENT_BYTES);
    return Work.records(recordsPerPass, recordsPerPass * VALUE_BYTES);
  }

  @Override
  public void close() {
    producer.close();
    topics.close();
  }
}
