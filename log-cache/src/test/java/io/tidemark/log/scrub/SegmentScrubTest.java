package io.tidemark.log.scrub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.ManualScheduler;
import io.tidemark.log.ManualTime;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectorySettings;
import io.tidemark.log.partition.LogResources;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.replica.Acks;
import io.tidemark.log.replica.AppendListener;
import io.tidemark.log.replica.AppendOutcome;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.IsrChanges;
import io.tidemark.log.replica.IsrProposal;
import io.tidemark.log.replica.IsrResult;
import io.tidemark.log.replica.LeaderAssignment;
import io.tidemark.log.replica.ReadRequest;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaResources;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.replica.ReplicaSettings;
import io.tidemark.log.segment.SegmentFiles;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

class SegmentScrubTest implements IsrChanges {
  private static final Path DATA = Path.of("/data");
  private static final long DAY_MS = 86_400_000;

  private final ManualTime time = new ManualTime(1_800_000_000_000L);
  private final ManualScheduler timers = new ManualScheduler(time);
  private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(1));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Replica> told = new ArrayList<>();
  private final ReplicaSet set = opened();

  private ReplicaSet opened() {
    LogDirectories directories =
        LogDirectories.open(
            List.of(DATA),
            LogDirectorySettings.defaults(1),
            new LogResources(disk, time, new SplittableRandom(2), timers, path -> Runnable::run));
    directories.identify("cluster");
    directories.recover(topic -> LogConfig.DEFAULTS);
    return new ReplicaSet(
        new ReplicaSettings(1, 30_000, 5_000, 0, 1 << 20),
        directories,
        this,
        new ReplicaResources(time, timers, path -> Runnable::run, new SimpleMeterRegistry()));
  }

  @Override
  public CompletableFuture<IsrResult> propose(IsrProposal proposal) {
    return new CompletableFuture<>();
  }

  @Override
  public OptionalLong eligibleNodeEpoch(int nodeId) {
    return OptionalLong.of(1);
  }

  private Replica log(int number, int segments) throws Exception {
    TopicIdPartition id = new TopicIdPartition(new Uuid(7, 7), number, "orders");
    Replica replica = set.createOrOpen(id, LogConfig.DEFAULTS);
    replica.becomeLeader(new LeaderAssignment(1, 1, List.of(1), List.of(1), 0, 0)).join();
    for (int i = 0; i < segments; i++) {
      append(replica);
      replica.roll().join();
    }
    append(replica);
    return replica;
  }

  private void append(Replica replica) throws Exception {
    var batch =
        new RecordBatchBuilder(CompressionSpec.NONE)
            .append(time.milliseconds(), null, new byte[1_000])
            .build();
    replica.append(
        new BatchValidator(time).validate(batch, LogConfig.DEFAULTS, AppendOrigin.CLIENT),
        Acks.LEADER,
        -1,
        new AppendListener() {
          @Override
          public void appended() {}

          @Override
          public void completed(AppendOutcome outcome) {
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
          }
        });
  }

  private SegmentScrub scrub(double bytesPerSecond) {
    SegmentScrub scrub =
        new SegmentScrub(
            new ScrubSettings(true, DAY_MS, bytesPerSecond),
            set::all,
            told::add,
            time,
            timers,
            meters);
    scrub.start();
    return scrub;
  }

  private static int readAt(Replica replica, long offset) {
    var read = replica.read(ReadRequest.ofConsumer(offset, 100, Isolation.HIGH_WATERMARK));
    read.release();
    return read.sizeBytes();
  }

  private double damaged() {
    return meters.get("tidemark.log.scrub.damaged.segments").gauge().value();
  }

  private double bytesRead() {
    return meters.get("tidemark.log.scrub.read").counter().count();
  }

  @Test
  @Scenario("S-87")
  void aRottenSegmentIsFoundAndNotServedAndTheOthersAre() throws Exception {
    Replica rotten = log(0, 3);
    Replica sound = log(1, 3);
    disk.rot(SegmentFiles.log(DATA.resolve("orders-0"), 1), 500);
    assertThat(readAt(rotten, 1)).as("before anybody looked").isPositive();
    scrub(1e9);
    timers.advanceMs(10_000);

    assertThat(told).containsExactly(rotten);
    assertThat(damaged()).isEqualTo(1);
    assertThatThrownBy(() -> readAt(rotten, 1))
        .isInstanceOf(KafkaStorageException.class)
        .hasMessageContaining("is damaged");
    assertThat(readAt(rotten, 0)).isPositive();
    assertThat(readAt(rotten, 2)).isPositive();
    assertThat(readAt(rotten, 3)).isPositive();
    assertThat(readAt(sound, 1)).isPositive();
    assertThat(rotten.view().isOnline()).isTrue();
    append(rotten);

    timers.advanceMs(DAY_MS + 1_000);
    assertThat(told).as("told once").hasSize(1);
    assertThat(damaged()).isEqualTo(1);
  }

  @Test
  void everySegmentIsReadOnceInAnInterval() throws Exception {
    log(0, 4);
    long closedBytes = set.all().iterator().next().sizeBytes() * 4 / 5;
    scrub(1e9);
    timers.advanceMs(DAY_MS - 1_000);
    assertThat(bytesRead()).isEqualTo((double) closedBytes);
    timers.advanceMs(DAY_MS);
    assertThat(bytesRead()).isEqualTo(2.0 * closedBytes);
    assertThat(damaged()).isZero();
  }

  @Test
  void readingIsPaced() throws Exception {
    log(0, 10);
    scrub(1_000);
    timers.advanceMs(5_000);
    assertThat(bytesRead()).isBetween(4_000.0, 7_000.0);
  }

  @Test
  void whatIsDeletedMeanwhileIsNoDamage() throws Exception {
    Replica log = log(0, 5);
    scrub(1_000);
    timers.advanceMs(1_500);
    log.advanceLogStart(5).join();
    timers.advanceMs(120_000);
    assertThat(damaged()).isZero();
    assertThat(told).isEmpty();
  }

  @Test
  void nothingIsReadAfterItIsClosed() throws Exception {
    log(0, 10);
    SegmentScrub scrub = scrub(1_000);
    timers.advanceMs(2_000);
    double before = bytesRead();
    scrub.close();
    timers.advanceMs(20_000);
    assertThat(bytesRead()).isEqualTo(before);
  }
}
