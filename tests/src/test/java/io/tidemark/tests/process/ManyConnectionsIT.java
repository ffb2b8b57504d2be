package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many connections that do nothing cost a handle and a few KiB each, no thread, and are in nobody's
 * way. How many: {@code -Dtidemark.many.connections=10000}; they are another process's, for one has
 * only so many handles.
 */
@Tag("long")
class ManyConnectionsIT {
  private static final int CONNECTIONS = Integer.getInteger("tidemark.many.connections", 2_000);
  private static final int MOST_KIB_EACH = 16;

  @TempDir Path home = Path.of("");

  @Test
  void idleConnectionsCostLittle() throws Exception {
    try (NodeProcess node = new NodeProcess(home).withHeap("256m")) {
      node.start();
      createTopic(node, "before");
      ProcessUse before = ProcessUse.of(node.pid());
      Process clients = clients(node);
      try (BufferedReader said = clients.inputReader(StandardCharsets.UTF_8)) {
        assertThat(said.readLine()).isEqualTo("open " + CONNECTIONS);
        createTopic(node, "meanwhile");
        ProcessUse with = ProcessUse.of(node.pid());
        System.out.println(
            "ManyConnectionsIT: " + CONNECTIONS + " connections, before " + before + ", " + with);
        assertThat(with.handles() - before.handles())
            .isBetween(CONNECTIONS - 10L, CONNECTIONS + 50L);
        assertThat(with.threads() - before.threads()).isLessThan(20);
        assertThat(with.residentKib() - before.residentKib())
            .isLessThan(40_000 + (long) CONNECTIONS * MOST_KIB_EACH);
        clients.getOutputStream().close();
        assertThat(clients.waitFor()).isZero();
      } finally {
        clients.destroyForcibly();
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> ProcessUse.of(node.pid()).handles() < before.handles() + 50);
      assertThat(node.stop()).isEqualTo(143);
    }
  }

  private static Process clients(NodeProcess node) throws Exception {
    String[] address = node.bootstrapServer().split(":", 2);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            IdleConnections.class.getName(),
            address[0],
            address[1],
            Integer.toString(CONNECTIONS))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void createTopic(NodeProcess node, String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()))) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
    }
  }
}
