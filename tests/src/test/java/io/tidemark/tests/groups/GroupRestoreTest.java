package io.tidemark.tests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import io.tidemark.log.LogConfig;
import io.tidemark.log.clean.CleanerSettings;
import io.tidemark.log.disk.FileSystemDisk;
import io.tidemark.metadata.coordinator.group.ClientContext;
import io.tidemark.metadata.coordinator.group.GroupConfig;
import io.tidemark.metadata.coordinator.group.GroupProgress;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a node takes to have its groups again that has many commits behind it, on a real disk.
 * The figures are printed; {@code -Dtidemark.long.commits} sizes the long form.
 */
class GroupRestoreTest {
  private static final int GROUPS = 100;
  private static final int PARTITIONS_OF_TOPIC = 100;
  private static final int OFFSETS_IN_A_COMMIT = 10;
  private static final int IN_FLIGHT = 200;

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @TempDir Path data;

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);

  private GroupNode node(int segmentBytes, int partitions) {
    LogConfig config =
        LogConfig.builder().compact(true).delete(false).segmentBytes(segmentBytes).build();
    GroupNode node =
        new GroupNode(
            new GroupNode.Machine(new FileSystemDisk(), data, Time.SYSTEM, threads),
            config,
            new CleanerSettings(true, 1, 128 << 20, 0.9, Double.MAX_VALUE, 200),
            GroupConfig.DEFAULTS,
            partitions);
    node.topic("orders", 1);
    return node;
  }

  @Test
  void groupsAreThereAgainAfterManyCommits() throws Exception {
    restore(200_000, 1 << 20, 4);
  }

  @Test
  @Tag("long")
  void groupsAreThereAgainAfterTenMillionCommits() throws Exception {
    int commits = Integer.getInteger("tidemark.long.commits", 10_000_000);
    restore(commits, 100 << 20, 50);
  }

  @Test
  @Tag("long")
  void groupsOfOnePartitionAreThereAgainAfterTenMillionCommits() throws Exception {
    int commits = Integer.getInteger("tidemark.long.commits", 10_000_000);
    restore(commits, 100 << 20, 1);
  }

  /**
   * Every group and offset is there again. Printed are the milliseconds from the election to the
   * answer of every group, and those of them that this process computed: on a busy machine the
   * others say more about the neighbours.
   */
  private void restore(int commits, int segmentBytes, int partitions) throws Exception {
    long startNs = System.nanoTime();
    long bytes;
    try (GroupNode node = node(segmentBytes, partitions)) {
      node.lead(1).elect();
      await().atMost(Duration.ofMinutes(1)).until(() -> isLoaded(node));
      commitAll(node, commits);
      long committedNs = System.nanoTime();
      awaitClean(node);
      bytes = bytes(node, partitions);
      System.out.printf(
          Locale.ROOT,
          "%,d commits in %,d ms, then cleaned in %,d ms to %,d bytes; read %,.0f, left %,.0f%n",
          commits,
          TimeUnit.NANOSECONDS.toMillis(committedNs - startNs),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - committedNs),
          bytes,
          node.meters.get("tidemark.log.cleaner.read").counter().count(),
          node.meters.get("tidemark.log.cleaner.written").counter().count());
    }
    try (GroupNode node = node(segmentBytes, partitions)) {
      node.lead(2);
      long electedNs = System.nanoTime();
      long computedBeforeNs = PROCESS.getProcessCpuTime();
      node.elect();
      List<GroupProgress> progress = loaded(node);
      long computedMs =
          TimeUnit.NANOSECONDS.toMillis(PROCESS.getProcessCpuTime() - computedBeforeNs);
      System.out.printf(
          Locale.ROOT,
          "%,d bytes of %d partitions loaded in %,d ms, of which %,d ms computing%n",
          bytes,
          partitions,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - electedNs),
          computedMs);
      assertThat(progress).hasSize(GROUPS);
      assertThat(progress.stream().mapToInt(each -> each.committed().size()).sum())
          .isEqualTo(GROUPS * PARTITIONS_OF_TOPIC);
    } finally {
      threads.shutdown();
    }
  }

  private static boolean isLoaded(GroupNode node) {
    return node.coordinator()
        .fetchOffsets(
            new ClientContext("test", "localhost", (short) 8),
            new org.apache.kafka.common.message.OffsetFetchRequestData())
        .isDone();
  }

  private static List<GroupProgress> loaded(GroupNode node) {
    return await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> node.coordinator().progress().join(), progress -> progress.size() == GROUPS);
  }

  /** Bounded in flight, as consumers are. */
  private static void commitAll(GroupNode node, int commits) throws InterruptedException {
    Semaphore room = new Semaphore(IN_FLIGHT);
    for (int i = 0; i < commits / OFFSETS_IN_A_COMMIT; i++) {
      room.acquire();
      commit(node, i).whenComplete((done, failure) -> room.release());
    }
    room.acquire(IN_FLIGHT);
  }

  private static CompletableFuture<?> commit(GroupNode node, int number) {
    List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
    int turn = number / GROUPS;
    for (int i = 0; i < OFFSETS_IN_A_COMMIT; i++) {
      partitions.add(
          new OffsetCommitRequestPartition()
              .setPartitionIndex((turn * OFFSETS_IN_A_COMMIT + i) % PARTITIONS_OF_TOPIC)
              .setCommittedOffset(number));
    }
    return node.coordinator()
        .commitOffsets(
            new ClientContext("test", "localhost", (short) 9),
            new OffsetCommitRequestData()
                .setGroupId("group-" + number % GROUPS)
                .setGenerationIdOrMemberEpoch(-1)
                .setTopics(
                    List.of(
                        new OffsetCommitRequestTopic()
                            .setName("orders")
                            .setPartitions(partitions))));
  }

  /** Until nothing is dirty enough to be cleaned. */
  private static void awaitClean(GroupNode node) {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ofMillis(600))
        .until(() -> {
          long rounds = node.meters.get("tidemark.log.cleaner.rounds").timer().count();
          TimeUnit.MILLISECONDS.sleep(500);
          return rounds == node.meters.get("tidemark.log.cleaner.rounds").timer().count();
        });
  }

  private static long bytes(GroupNode node, int partitions) {
    long bytes = 0;
    for (int partition = 0; partition < partitions; partition++) {
      bytes += node.replica(partition).sizeBytes();
    }
    return bytes;
  }
}
