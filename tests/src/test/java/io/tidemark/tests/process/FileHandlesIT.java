package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.scenario.Scenario;
import io.tidemark.tests.history.History;
import io.tidemark.tests.history.Load;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node process that runs out of file handles under load, and gets some again. */
class FileHandlesIT {
  private static final String TOPIC = "handles";
  private static final int PARTITIONS = 3;
  private static final int SPARE_HANDLES = 12;
  private static final Duration HANG_GUARD = Duration.ofMinutes(3);

  @TempDir Path home = Path.of("");

  @Test
  @Scenario("S-92")
  void whatIsConnectedGoesOnAndNothingIsLost() throws Exception {
    History history = new History();
    List<Socket> crowd = new ArrayList<>();
    try (NodeProcess node =
            new NodeProcess(home)
                .withDirectoryStore()
                .with("tiering.upload.max.age.ms", "1000")
                .with("tidemark.log.dir.min.free.bytes", "0");
        Load load = new Load(node.bootstrapServer(), TOPIC, PARTITIONS, 700, history)) {
      node.start();
      createTopic(node, TOPIC);
      load.start(2, new Random(1), "none", "lz4");
      await().atMost(HANG_GUARD).until(() -> history.acknowledgedCount() > 2_000);

      limit(node, handles(node) + SPARE_HANDLES);
      int port = Integer.parseInt(node.bootstrapServer().split(":", 2)[1]);
      for (int i = 0; i < 4 * SPARE_HANDLES; i++) {
        crowd.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
      await().atMost(HANG_GUARD).until(() -> log(node).contains("Too many open files"));
      long before = history.acknowledgedCount();
      await()
          .atMost(HANG_GUARD)
          .until(() -> history.acknowledgedCount() > before + 20_000 || !node.isAlive());
      assertThat(node.isAlive()).as(node.logTail()).isTrue();
      for (Socket socket : crowd) {
        socket.close();
      }
      limit(node, 4_096);

      long stuckAt = history.acknowledgedCount();
      await().atMost(HANG_GUARD).until(() -> history.acknowledgedCount() > stuckAt + 5_000);
      createTopic(node, "afterwards");
      assertThat(load.stop()).as(node.logTail()).isEmpty();
      load.readAll();
      assertThat(history.anomalies()).isEmpty();
      assertThat(node.stop()).isEqualTo(143);
    } finally {
      for (Socket socket : crowd) {
        socket.close();
      }
    }
  }

  private static String log(NodeProcess node) {
    try {
      return Files.readString(node.home().resolve("node-1.log"));
    } catch (IOException e) {
      return "";
    }
  }

  private static long handles(NodeProcess node) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + node.pid() + "/fd"))) {
      return open.count();
    }
  }

  private static void limit(NodeProcess node, long handles) throws Exception {
    String refused =
        Tmpfs.run("prlimit", "--pid", Long.toString(node.pid()), "--nofile=" + handles + ":4096");
    Assumptions.assumeTrue(refused.isEmpty(), "handles cannot be limited: " + refused);
  }

  private static void createTopic(NodeProcess node, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()))) {
      admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    }
  }
}
