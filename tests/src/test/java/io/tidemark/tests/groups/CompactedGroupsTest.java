package io.tidemark.tests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.LogConfig;
import io.tidemark.log.ManualScheduler;
import io.tidemark.log.ManualTime;
import io.tidemark.log.clean.CleanerSettings;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.metadata.coordinator.group.ClientContext;
import io.tidemark.metadata.coordinator.group.GroupConfig;
import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Groups whose log is compacted under them, on one thread and a simulated disk. */
class CompactedGroupsTest {
  private static final long DAY_MS = 86_400_000;
  private static final LogConfig CONFIG =
      LogConfig.builder()
          .compact(true)
          .delete(false)
          .segmentBytes(20_000)
          .minCleanableDirtyRatio(0.01)
          .deleteRetentionMs(DAY_MS)
          .build();

  private final ManualTime time = new ManualTime(1_800_000_000_000L);
  private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(5));
  private ManualScheduler threads = new ManualScheduler(time);
  private int epoch;
  private GroupNode node = started();

  private GroupNode started() {
    threads = new ManualScheduler(time);
    GroupNode started =
        new GroupNode(
            new GroupNode.Machine(disk, Path.of("/data"), time, threads),
            CONFIG,
            new CleanerSettings(true, 1, 1 << 20, 0.9, Double.MAX_VALUE, 1_000),
            GroupConfig.DEFAULTS.withOffsetsRetention(7 * DAY_MS, 600_000),
            1);
    started.topic("orders", 1);
    epoch++;
    return started.lead(epoch).elect();
  }

  private void killed() {
    disk.killProcess();
    node = started();
  }

  private static ClientContext client(int version) {
    return new ClientContext("test", "localhost", (short) version);
  }

  private static <T> T now(CompletableFuture<T> answer) {
    assertThat(answer).isDone();
    return answer.join();
  }

  private Errors commit(String group, int partition, long offset) {
    OffsetCommitRequestTopic topic =
        new OffsetCommitRequestTopic()
            .setName("orders")
            .setPartitions(
                List.of(
                    new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition)
                        .setCommittedOffset(offset)));
    var answer =
        node.coordinator()
            .commitOffsets(
                client(9),
                new OffsetCommitRequestData()
                    .setGroupId(group)
                    .setGenerationIdOrMemberEpoch(-1)
                    .setTopics(List.of(topic)));
    return Errors.forCode(now(answer).topics().getFirst().partitions().getFirst().errorCode());
  }

  private long committed(String group, int partition) {
    OffsetFetchRequestTopics topic =
        new OffsetFetchRequestTopics().setName("orders").setPartitionIndexes(List.of(partition));
    var answer =
        node.coordinator()
            .fetchOffsets(
                client(8),
                new OffsetFetchRequestData()
                    .setGroups(
                        List.of(
                            new OffsetFetchRequestGroup()
                                .setGroupId(group)
                                .setTopics(List.of(topic)))));
    return now(answer)
        .groups()
        .getFirst()
        .topics()
        .getFirst()
        .partitions()
        .getFirst()
        .committedOffset();
  }

  private List<String> groups() {
    return now(node.coordinator().listGroups(client(4), new ListGroupsRequestData()))
        .groups()
        .stream()
        .map(ListedGroup::groupId)
        .sorted()
        .toList();
  }

  private void clean() {
    node.replica(0).roll().join();
    threads.advanceMs(10_000);
  }

  private long logBytes() {
    return node.replica(0).sizeBytes();
  }

  @Test
  @Scenario("S-146")
  void aDeletedGroupStaysDeletedThroughCompactionAndItsTombstonesGo() {
    for (int i = 0; i < 500; i++) {
      commit("kept", i % 10, i);
      commit("deleted", i % 10, i);
    }
    now(
        node.coordinator()
            .deleteGroups(
                client(2), new DeleteGroupsRequestData().setGroupsNames(List.of("deleted"))));
    long before = logBytes();
    clean();
    assertThat(logBytes()).isLessThan(before / 10);
    killed();
    assertThat(groups()).containsExactly("kept");
    assertThat(committed("deleted", 3)).isEqualTo(-1);
    assertThat(committed("kept", 3)).isEqualTo(493);

    // The tombstones have been there for a day: they go, and nothing comes back.
    threads.advanceMs(DAY_MS + 60_000);
    commit("kept", 0, 1_000);
    long withTombstones = logBytes();
    clean();
    assertThat(logBytes()).isLessThan(withTombstones);
    killed();
    assertThat(groups()).containsExactly("kept");
    assertThat(committed("deleted", 3)).isEqualTo(-1);
    assertThat(committed("kept", 0)).isEqualTo(1_000);
    assertThat(committed("kept", 3)).isEqualTo(493);
  }

  @Test
  @Scenario("S-146")
  void whatExpiredStaysGoneAndWhatIsCommittedAgainNeverExpires() {
    commit("idle", 0, 1);
    for (int day = 0; day < 20; day++) {
      commit("alive", 0, day);
      clean();
      threads.advanceMs(DAY_MS);
      if (day % 5 == 4) {
        killed();
      }
      assertThat(committed("alive", 0)).isEqualTo(day);
    }
    assertThat(groups()).containsExactly("alive");
    clean();
    killed();
    assertThat(groups()).containsExactly("alive");
    assertThat(committed("idle", 0)).isEqualTo(-1);
  }

  @Test
  @Scenario("S-147")
  void offsetsOfADeletedTopicAreNotThoseOfTheNewOneOfItsName() {
    commit("readers", 0, 41);
    clean();
    node.topic("orders", 2);
    assertThat(committed("readers", 0)).as("before anybody was told").isEqualTo(-1);
    assertThat(commit("readers", 0, 3)).isEqualTo(Errors.NONE);
    clean();
    disk.killProcess();
    node = started();
    node.topic("orders", 2);
    assertThat(committed("readers", 0)).isEqualTo(3);
  }
}
