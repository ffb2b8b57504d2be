package io.tidemark.tests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.LogConfig;
import io.tidemark.log.clean.CleanerSettings;
import io.tidemark.log.disk.FileSystemDisk;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.ReadRequest;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaRead;
import io.tidemark.metadata.coordinator.group.ClientContext;
import io.tidemark.metadata.coordinator.group.GroupConfig;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real disk and real threads: commits and readers from the start, while the log is cleaned. */
class ReadersBesideCleaningTest {
  private static final int CLEANINGS = 30;

  @TempDir Path data;

  private final AtomicBoolean isOver = new AtomicBoolean();

  @Test
  @Timeout(120)
  void neitherStopsTheOtherAndNoOffsetGoesBack() throws Exception {
    ScheduledExecutorService threads = Executors.newScheduledThreadPool(3);
    LogConfig config =
        LogConfig.builder()
            .compact(true)
            .delete(false)
            .segmentBytes(40_000)
            .fileDeleteDelayMs(10)
            .minCleanableDirtyRatio(0.01)
            .build();
    try (GroupNode node =
            new GroupNode(
                new GroupNode.Machine(new FileSystemDisk(), data, Time.SYSTEM, threads),
                config,
                new CleanerSettings(true, 1, 1 << 20, 0.9, Double.MAX_VALUE, 1),
                GroupConfig.DEFAULTS,
                1);
        var readers = Executors.newFixedThreadPool(2)) {
      node.topic("orders", 1);
      node.lead(1).elect();
      List<Future<Long>> reading = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        reading.add(readers.submit(() -> readAgainAndAgain(node.replica(0))));
      }
      long slowestNs = 0;
      int commits = 0;
      while (node.meters.get("tidemark.log.cleaner.rounds").timer().count() < CLEANINGS) {
        long startNs = System.nanoTime();
        commit(node, commits++);
        slowestNs = Math.max(slowestNs, System.nanoTime() - startNs);
      }
      isOver.set(true);
      for (Future<Long> each : reading) {
        assertThat(each.get()).as("passes over the log").isPositive();
      }
      System.out.printf(
          "%d commits beside %d cleanings, the slowest took %d ms; %d bytes are left%n",
          commits,
          CLEANINGS,
          TimeUnit.NANOSECONDS.toMillis(slowestNs),
          node.replica(0).sizeBytes());
      assertThat(node.meters.get("tidemark.log.cleaner.partitions.failed").gauge().value())
          .isZero();
      assertThat(node.replica(0).view().isOnline()).isTrue();
    } finally {
      isOver.set(true);
      threads.shutdown();
    }
  }

  private static void commit(GroupNode node, int number) {
    OffsetCommitRequestTopic topic =
        new OffsetCommitRequestTopic()
            .setName("orders")
            .setPartitions(
                List.of(
                    new OffsetCommitRequestPartition()
                        .setPartitionIndex(number % 50)
                        .setCommittedOffset(number)));
    var answer =
        node.coordinator()
            .commitOffsets(
                new ClientContext("test", "localhost", (short) 9),
                new OffsetCommitRequestData()
                    .setGroupId("readers")
                    .setGenerationIdOrMemberEpoch(-1)
                    .setTopics(List.of(topic)))
            .join();
    // While it loads the coordinator says so, and the commit does not count.
    assertThat(answer.topics()).hasSize(1);
  }

  /** How often the whole log was read. */
  private long readAgainAndAgain(Replica replica) throws Exception {
    long passes = 0;
    while (!isOver.get() || passes == 0) {
      long end = replica.view().highWatermark();
      long offset = replica.view().logStartOffset();
      while (offset < end) {
        offset = readOn(replica, offset);
      }
      passes++;
    }
    return passes;
  }

  /**
   * Where to go on. Nothing is found when all that lay below the end which the reader saw is
   * compacted away by the time it reads: there is more by then.
   */
  private static long readOn(Replica replica, long offset) throws Exception {
    ReplicaRead read =
        replica.read(ReadRequest.ofConsumer(offset, 10_000, Isolation.HIGH_WATERMARK));
    try {
      ByteBuffer bytes = Objects.requireNonNull(read.slice()).toBuffer();
      BatchCursor batches = new BatchCursor(bytes);
      long next = offset;
      while (batches.next()) {
        assertThat(batches.header().isValidCrc()).isTrue();
        assertThat(batches.header().nextOffset()).isGreaterThan(next);
        assertThat(batches.header().baseOffset() >= next || next == offset).isTrue();
        next = batches.header().nextOffset();
      }
      if (next == offset) {
        assertThat(replica.view().highWatermark())
            .as("the end, where there was nothing from offset %d to %s", offset, read.view())
            .isGreaterThan(read.view().highWatermark());
      }
      return next;
    } finally {
      read.release();
    }
  }
}
