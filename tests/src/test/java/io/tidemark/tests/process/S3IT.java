package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import io.tidemark.tiering.store.s3.FaultyBlobStore;
import io.tidemark.tiering.store.s3.S3ProxyServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node process whose store is an S3 server over HTTP that fails, throttles, cuts bodies, flips
 * bits and loses answers, while producers write and, after the hot copies are gone, a consumer
 * replays everything.
 */
class S3IT {
  private static final String TOPIC = "in-s3";
  private static final int PARTITIONS = 2;
  private static final Duration HANG_GUARD = Duration.ofMinutes(5);

  @TempDir Path home = Path.of("");

  @Test
  @Scenario({"S-103", "S-105", "S-106"})
  void everythingIsReplayedFromAFailingS3ServerOnceTheHotCopyIsGone() throws Exception {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("S3IT: seed " + seed);
    Random random = new Random(seed);
    AtomicReference<FaultyBlobStore> faults = new AtomicReference<>();
    History history = new History();
    try (S3ProxyServer server =
            S3ProxyServer.start(
                home.resolve("s3"),
                files -> {
                  faults.set(new FaultyBlobStore(files, random));
                  return faults.get();
                });
        NodeProcess node = node(server);
        Load load = new Load(node.bootstrapServer(), TOPIC, PARTITIONS, 10_000, history)) {
      for (Fault fault :
          List.of(
              Fault.ERROR, Fault.THROTTLED, Fault.TRUNCATED, Fault.FLIPPED, Fault.LOST_ANSWER)) {
        faults.get().with(fault, 0.03);
      }
      node.start();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()))) {
        admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
        load.start(2, random, "none", "zstd");
        await().atMost(HANG_GUARD).until(() -> history.acknowledgedCount() >= 2_000);
        assertThat(load.stop()).isEmpty();
        await().atMost(HANG_GUARD).until(() -> isAllCold(admin));
      }
      load.readAll();
      assertThat(history.anomalies()).as("seed " + seed).isEmpty();
      assertThat(node.stop()).isEqualTo(143);
    }
  }

  private NodeProcess node(S3ProxyServer server) throws Exception {
    return new NodeProcess(home)
        .with("tiering.store", "s3://" + S3ProxyServer.BUCKET + "/cluster")
        .with("tiering.s3.endpoint", server.endpoint().toString())
        .with("tiering.s3.region", "us-east-1")
        .with("tiering.s3.path.style.access", "true")
        .with("tiering.s3.access.key.id", S3ProxyServer.ACCESS_KEY_ID)
        .with("tiering.s3.secret.access.key", S3ProxyServer.SECRET_ACCESS_KEY)
        .with("log.segment.bytes", "2097152")
        .with("log.local.retention.ms", "500")
        .with("log.retention.check.interval.ms", "200")
        .with("log.segment.delete.delay.ms", "100")
        .with("tiering.upload.max.age.ms", "1000");
  }

  private static boolean isAllCold(Admin admin) throws InterruptedException, ExecutionException {
    for (int i = 0; i < PARTITIONS; i++) {
      TopicPartition partition = new TopicPartition(TOPIC, i);
      long local = offset(admin, partition, OffsetSpec.earliestLocal());
      if (local < offset(admin, partition, OffsetSpec.latest())) {
        return false;
      }
    }
    return true;
  }

  private static long offset(Admin admin, TopicPartition partition, OffsetSpec spec)
      throws InterruptedException, ExecutionException {
    return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset();
  }
}
