package io.tidemark.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Says when a server serves: it accepts a connection, lists all nodes of its cluster, and tells the
 * end of every expected partition. The same question for both servers, asked every few
 * milliseconds.
 */
public final class ReadyProbe {
  /** The topics whose partitions are asked for hold this many each. */
  public static final int PARTITIONS_PER_TOPIC = 100;

  public static final String TOPIC_PREFIX = "many-";

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final long PAUSE_MS = 5;

  private final Process process;
  private final ServerHome home;
  private final long deadlineNanos = System.nanoTime() + LIMIT.toNanos();

  ReadyProbe(Process process, ServerHome home) {
    this.process = process;
    this.home = home;
  }

  void awaitReady(int expectedPartitions) throws InterruptedException {
    while (!accepts()) {
      pause("it does not listen");
    }
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", home.bootstrap(),
            "reconnect.backoff.ms", 5,
            "reconnect.backoff.max.ms", 20,
            "retry.backoff.ms", 5,
            "retry.backoff.max.ms", 20);
    try (Admin admin = Admin.create(config)) {
      Optional<String> missing = missing(admin, expectedPartitions);
      while (missing.isPresent()) {
        pause(missing.get());
        missing = missing(admin, expectedPartitions);
      }
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), home.ports().kafka()), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Optional<String> missing(Admin admin, int partitions) throws InterruptedException {
    try {
      int listed = admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).size();
      if (listed < home.quorum().size()) {
        return Optional.of("it lists %d of %d nodes".formatted(listed, home.quorum().size()));
      }
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      for (int i = 0; i < partitions; i++) {
        String topic = TOPIC_PREFIX + i / PARTITIONS_PER_TOPIC;
        ends.put(new TopicPartition(topic, i % PARTITIONS_PER_TOPIC), OffsetSpec.latest());
      }
      admin.listOffsets(ends).all().get(60, TimeUnit.SECONDS);
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void pause(String why) throws InterruptedException {
    if (!process.isAlive()) {
      throw notReady("it ended with " + process.exitValue());
    }
    if (System.nanoTime() > deadlineNanos) {
      throw notReady(why);
    }
    Thread.sleep(PAUSE_MS);
  }

  private IllegalStateException notReady(String why) {
    return new IllegalStateException(
        "the server did not become ready: " + why + "\n" + Server.logTail(home.log()));
  }
}
