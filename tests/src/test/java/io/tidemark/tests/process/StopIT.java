package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is told to end does so cleanly, whatever it is doing; the guard is ten times the
 * ten seconds it may take.
 */
@Timeout(100)
class StopIT {
  @TempDir Path home = Path.of("");

  @Test
  @Scenario("S-77")
  void anIdleNodeStopsAtOnceAndCleanly() throws Exception {
    try (NodeProcess node = new NodeProcess(home)) {
      node.start();
      createTopic(node);
      long startedNs = System.nanoTime();
      assertThat(node.stop()).isEqualTo(143);
      long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs);
      System.out.println("StopIT: an idle node stopped in " + elapsedMs + " ms");
      assertThat(home.resolve("data/clean-shutdown")).exists();
      assertThat(node.logTail().lines().filter(line -> !line.contains("JvmPauseMonitor")))
          .noneMatch(line -> line.contains("still") || line.contains("WARN"));
    }
  }

  @Test
  @Scenario("S-77")
  void aSecondSignalChangesNothing() throws Exception {
    try (NodeProcess node = new NodeProcess(home)) {
      node.start();
      ProcessHandle handle = ProcessHandle.of(node.pid()).orElseThrow();
      handle.destroy();
      handle.destroy();
      assertThat(node.stop()).isEqualTo(143);
      assertThat(home.resolve("data/clean-shutdown")).exists();
    }
  }

  /** One has sent half a request, one waits for records that never come, one does not read. */
  @Test
  @Scenario("S-77")
  void clientsThatHangDoNotKeepItFromStopping() throws Exception {
    try (NodeProcess node = new NodeProcess(home)) {
      node.start();
      createTopic(node);
      int port = Integer.parseInt(node.bootstrapServer().split(":", 2)[1]);
      try (Socket half = new Socket(InetAddress.getLoopbackAddress(), port);
          Socket deaf = new Socket(InetAddress.getLoopbackAddress(), port);
          KafkaConsumer<byte[], byte[]> waiting = waitingConsumer(node)) {
        half.getOutputStream().write(new byte[] {0, 0, 4, 0, 0, 3});
        // Metadata of all topics, again and again, and never a look at the answers.
        ByteBuffer request = ByteBuffer.allocate(18).putInt(14).putShort(ApiKeys.METADATA.id);
        request.putShort((short) 1).putInt(7).putShort((short) -1).putInt(-1);
        for (int i = 0; i < 1_000; i++) {
          deaf.getOutputStream().write(request.array());
        }
        waiting.poll(Duration.ofMillis(500));
        long startedNs = System.nanoTime();
        assertThat(node.stop()).isEqualTo(143);
        long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs);
        System.out.println("StopIT: a node with clients that hang stopped in " + elapsedMs + " ms");
        assertThat(home.resolve("data/clean-shutdown")).exists();
      }
    }
  }

  @Test
  @Scenario("S-77")
  void aNodeToldToEndWhileItStartsEndsAndStartsAgain() throws Exception {
    try (NodeProcess node = new NodeProcess(home)) {
      Thread starting =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  node.start();
                } catch (Exception e) {
                  // It ended instead.
                }
              });
      while (!Files.exists(home.resolve("data/.lock")) && starting.isAlive()) {
        Thread.onSpinWait();
      }
      node.stop();
      starting.join();
      assertThat(node.start()).startsWith("tidemark ready");
    }
  }

  private static KafkaConsumer<byte[], byte[]> waitingConsumer(NodeProcess node) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                node.bootstrapServer(),
                "fetch.max.wait.ms",
                25_000,
                "fetch.min.bytes",
                1 << 30),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(List.of(new TopicPartition("t", 0)));
    consumer.seekToBeginning(consumer.assignment());
    return consumer;
  }

  private static void createTopic(NodeProcess node) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()))) {
      admin.createTopics(List.of(new NewTopic("t", 20, (short) 1))).all().get();
    }
  }
}
