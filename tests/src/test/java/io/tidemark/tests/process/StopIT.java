package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end does so in time, whatever it is doing. */
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
      assertThat(elapsedMs).as(node.logTail()).isLessThan(5_000);
      assertThat(home.resolve("data/clean-shutdown")).exists();
      assertThat(node.logTail()).doesNotContain("still", "WARN");
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
      long startedNs = System.nanoTime();
      node.stop();
      assertThat(System.nanoTime() - startedNs).isLessThan(TimeUnit.SECONDS.toNanos(10));
      starting.join();
      assertThat(node.start()).startsWith("tidemark ready");
    }
  }

  private static void createTopic(NodeProcess node) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()))) {
      admin.createTopics(List.of(new NewTopic("t", 20, (short) 1))).all().get();
    }
  }
}
