package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node process on a small file system that fills up to the last byte, and is freed again. */
class FullDiskIT {
  private static final String TOPIC = "filling";
  private static final int PARTITIONS = 3;
  private static final Duration HANG_GUARD = Duration.ofMinutes(3);

  @TempDir Path home = Path.of("");

  @Test
  @Scenario({"S-79", "S-81"})
  void producersWaitForRoomAndNothingIsLostEvenIfItIsKilledMeanwhile() throws Exception {
    History history = new History();
    try (Tmpfs disk = Tmpfs.mount(home.resolve("disk"), "size=48m");
        NodeProcess node = node(disk, "log.segment.bytes=1048576");
        Load load = new Load(node.bootstrapServer(), TOPIC, PARTITIONS, 700, history)) {
      Path filler = Files.write(disk.path().resolve("filler"), new byte[30 << 20]);
      node.start();
      createTopic(node, TOPIC, PARTITIONS);
      load.start(2, new Random(1), "none", "lz4");
      awaitFull(disk, history);

      node.kill();
      node.start();
      assertThat(isReady(node)).isTrue();
      long stuckAt = history.acknowledgedCount();
      Files.delete(filler);

      await()
          .atMost(HANG_GUARD)
          .until(() -> history.acknowledgedCount() > stuckAt + 1_000 || !node.isAlive());
      assertThat(load.stop()).as(node.logTail()).isEmpty();
      Files.deleteIfExists(disk.path().resolve("filler"));
      load.readAll();
      assertThat(history.anomalies()).isEmpty();
      assertThat(node.stop()).isEqualTo(143);
    }
  }

  @Test
  @Scenario("S-93")
  void withoutInodesNewTopicsWaitAndAreThereWhenThereAreSome() throws Exception {
    try (Tmpfs disk = Tmpfs.mount(home.resolve("disk"), "size=48m,nr_inodes=300");
        NodeProcess node = node(disk)) {
      Path spare = Files.createDirectory(disk.path().resolve("spare"));
      for (int i = 0; i < 200; i++) {
        Files.createFile(spare.resolve("f" + i));
      }
      node.start();
      createTopic(node, "too-many", 60);
      for (int i = 0; i < 200; i++) {
        Files.delete(spare.resolve("f" + i));
      }
      History history = new History();
      try (Load load = new Load(node.bootstrapServer(), "too-many", 60, 100, history)) {
        load.start(1, new Random(1), "none");
        await().atMost(HANG_GUARD).until(() -> history.acknowledgedCount() > 2_000);
        assertThat(load.stop()).as(node.logTail()).isEmpty();
        load.readAll();
      }
      assertThat(history.anomalies()).isEmpty();
      assertThat(node.stop()).isEqualTo(143);
    }
  }

  /** Acknowledgements have stopped, and there is room for nothing. */
  private static void awaitFull(Tmpfs disk, History history) {
    long[] before = {-1};
    await()
        .atMost(HANG_GUARD)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          long now = history.acknowledgedCount();
          boolean isStuck = now > 0 && now == before[0];
          before[0] = now;
          return isStuck && usableBytes(disk) < 1 << 20;
        });
  }

  private static long usableBytes(Tmpfs disk) throws IOException {
    return Files.getFileStore(disk.path()).getUsableSpace();
  }

  private NodeProcess node(Tmpfs disk, String... settings) throws IOException {
    NodeProcess node =
        new NodeProcess(home)
            .with("log.dirs", disk.path().resolve("data").toString())
            .with("metadata.log.dir", home.resolve("quorum").toString())
            .with("tidemark.log.dir.min.free.bytes", "0");
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      node.with(parts[0], parts[1]);
    }
    return node;
  }

  private static boolean isReady(NodeProcess node) throws Exception {
    try (Admin admin = admin(node)) {
      return admin.listTopics().names().get().contains(TOPIC);
    }
  }

  private static void createTopic(NodeProcess node, String topic, int partitions) throws Exception {
    try (Admin admin = admin(node)) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }
  }

  private static Admin admin(NodeProcess node) {
    return Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()));
  }
}
