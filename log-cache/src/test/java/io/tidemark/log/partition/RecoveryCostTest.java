package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.DATA;
import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.ManualScheduler;
import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.scenario.Scenario;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What a start costs after the process was killed. */
@Scenario("S-78")
class RecoveryCostTest {
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final int SEGMENTS = 40;

  private final LogNode node = new LogNode(1, DATA);

  private void fill(int segments) {
    int batches = segments * SEGMENT_BYTES / 2_000;
    for (int i = 0; i < batches; i++) {
      append(node.log(), batch(i, 1, 2_000));
    }
  }

  @Test
  void onlyWhatIsBehindTheRecoveryPointIsReadAgain() {
    node.config = node.config.toBuilder().segmentBytes(SEGMENT_BYTES).build();
    node.recover();
    fill(SEGMENTS);
    node.timer().advanceMs(60_000);
    fill(1);
    node.disk.killProcess();
    long before = node.disk.readBytes();

    node.start();

    long readBytes = node.disk.readBytes() - before;
    assertThat(node.log().sizeBytes()).isGreaterThan((long) SEGMENTS * SEGMENT_BYTES);
    assertThat(readBytes).isLessThan(node.log().sizeBytes() / 6);
  }

  @Test
  void logsOfADirectoryAreCheckedSideBySide() throws InterruptedException {
    node.recover();
    for (int i = 0; i < 4; i++) {
      TopicIdPartition id = new TopicIdPartition(new Uuid(9, i + 1), i, "logs");
      append(node.directories().create(id, node.config), batch(1, "value"));
    }
    node.disk.killProcess();
    CountDownLatch allAtOnce = new CountDownLatch(4);
    boolean[] met = {true};
    node.disk.slow(
        Call.READ,
        file -> file.toString().endsWith(".log"),
        () -> {
          allAtOnce.countDown();
          try {
            met[0] &= allAtOnce.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    try (ExecutorService bulk = Executors.newFixedThreadPool(4)) {
      LogDirectories directories =
          LogDirectories.open(
              List.of(DATA),
              LogDirectorySettings.defaults(1),
              new LogResources(
                  node.disk,
                  node.time,
                  new SplittableRandom(1),
                  new ManualScheduler(node.time),
                  path -> bulk));
      directories.identify("cluster");
      directories.recover(topic -> node.config);
      assertThat(directories.logs()).hasSize(4);
      directories.close();
    }
    assertThat(met[0]).isTrue();
  }
}
