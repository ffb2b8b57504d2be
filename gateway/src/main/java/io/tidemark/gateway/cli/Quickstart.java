package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * The main job, shown from outside: produce a stream, watch it move to the store until nothing is
 * left on the local disk, replay it all and compare. Talks to the node as any client does.
 *
 * <pre>produce ──► segments upload ──► local retention drops the hot copy ──► replay ──► verify
 * </pre>
 */
final class Quickstart {
  static final int PARTITIONS = 6;
  private static final long STALLED_MS = 120_000;

  private final String bootstrapServer;
  private final Progress progress;
  private final Time time;

  Quickstart(String bootstrapServer, Progress progress, Time time) {
    this.bootstrapServer = bootstrapServer;
    this.progress = progress;
    this.time = time;
  }

  /** Runs all phases; answers what was wrong, nothing when all was verified. */
  List<String> run(RandomGenerator random, long sizeBytes) throws Exception {
    try (Admin admin =
        Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer))) {
      String topic = createTopic(admin);
      TierWatch tier = new TierWatch(admin, topic, PARTITIONS);
      OrderStream orders =
          new OrderStream(random, topic, PARTITIONS, sizeBytes, time.milliseconds());
      StreamChecksum[] sent = produce(orders, tier);
      awaitCold(tier, total(sent));
      Replay replay = replay(topic, tier);
      List<String> problems = new ArrayList<>(replay.problems());
      for (int i = 0; i < PARTITIONS; i++) {
        if (!replay.sum(i).agreesWith(sent[i])) {
          problems.add("%s-%d: sent %s, replayed %s".formatted(topic, i, sent[i], replay.sum(i)));
        }
      }
      report(problems, sent);
      return problems;
    }
  }

  private String createTopic(Admin admin) throws Exception {
    Set<String> taken = NodeCommand.await(admin.listTopics().names());
    String topic = "orders";
    for (int i = 2; taken.contains(topic); i++) {
      topic = "orders-" + i;
    }
    NodeCommand.await(
        admin
            .createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) -1).configs(settings())))
            .all());
    return topic;
  }

  /** Small segments that close and leave the local disk soon, so that a minute shows all of it. */
  private static Map<String, String> settings() {
    return Map.of("segment.bytes", "8388608", "local.retention.ms", "1000");
  }

  private StreamChecksum[] produce(OrderStream orders, TierWatch tier) throws Exception {
    StreamChecksum[] sums = new StreamChecksum[PARTITIONS];
    for (int i = 0; i < PARTITIONS; i++) {
      sums[i] = new StreamChecksum();
    }
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    long beginMs = time.hiResClockMs();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            producerSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
      while (orders.hasNext() && failure.get() == null) {
        ProducerRecord<byte[], byte[]> order = orders.next();
        sums[order.partition()].add(order.timestamp(), order.key(), order.value(), order.headers());
        producer.send(
            order,
            (metadata, thrown) -> {
              if (thrown != null) {
                failure.compareAndSet(null, thrown);
              }
            });
        if (progress.isDue()) {
          progress.show(
              "produce  %s sent; %s".formatted(ByteSize.megabytes(total(sums)), tier.bytes()));
        }
      }
      producer.flush();
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    phase(
        "produce",
        total(sums),
        beginMs,
        "%,d orders sent and acknowledged".formatted(orders.count()));
    return sums;
  }

  private Map<String, Object> producerSettings() {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServer,
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.LINGER_MS_CONFIG,
        20,
        ProducerConfig.BATCH_SIZE_CONFIG,
        256 << 10);
  }

  private void awaitCold(TierWatch tier, long sentBytes) throws Exception {
    long beginMs = time.hiResClockMs();
    long movedMs = beginMs;
    TierWatch.Bytes last = tier.bytes();
    while (!tier.isAllCold()) {
      TierWatch.Bytes now = tier.bytes();
      if (!now.equals(last)) {
        movedMs = time.hiResClockMs();
        last = now;
      } else if (time.hiResClockMs() - movedMs > STALLED_MS) {
        throw CommandFailure.refused(
            "nothing moved to the store for %d s (%s); the node's log says why"
                .formatted(STALLED_MS / 1_000, now));
      }
      if (progress.isDue()) {
        progress.show("tier     " + now);
      }
      time.sleep(100);
    }
    phase("tier", sentBytes, beginMs, "%s; no local copy left".formatted(tier.bytes()));
  }

  private Replay replay(String topic, TierWatch tier) throws Exception {
    Replay replay = new Replay(bootstrapServer, topic, PARTITIONS, time);
    long beginMs = time.hiResClockMs();
    TierWatch.Bytes bytes = tier.bytes();
    replay.run(read -> {
      if (progress.isDue()) {
        progress.show("replay   %s read; %s".formatted(ByteSize.megabytes(read), bytes));
      }
    });
    long read = 0;
    for (int i = 0; i < PARTITIONS; i++) {
      read += replay.sum(i).bytes();
    }
    phase("replay", read, beginMs, "every byte from the store, with the Kafka Java client");
    return replay;
  }

  private void phase(String name, long bytes, long beginMs, String what) {
    double seconds = Math.max(1, time.hiResClockMs() - beginMs) / 1e3;
    String line =
        "%-8s %9s in %5.1f s = %6.1f MB/s   %s"
            .formatted(name, ByteSize.megabytes(bytes), seconds, bytes / 1e6 / seconds, what);
    progress.line(line);
  }

  private void report(List<String> problems, StreamChecksum[] sent) {
    for (String problem : problems.subList(0, Math.min(20, problems.size()))) {
      progress.line("problem: " + problem);
    }
    long records = 0;
    for (StreamChecksum sum : sent) {
      records += sum.records();
    }
    progress.line(
        problems.isEmpty()
            ? "verified: %,d records in %d partitions: count, order and checksums agree"
                .formatted(records, PARTITIONS)
            : "NOT verified: %d problems".formatted(problems.size()));
  }

  private static long total(StreamChecksum[] sums) {
    long bytes = 0;
    for (StreamChecksum sum : sums) {
      bytes += sum.bytes();
    }
    return bytes;
  }
}
