package io.tidemark.log.replica;

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
import io.tidemark.log.record.Records;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.log.validate.InvalidBatchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A node's replicas above a simulated disk, all on one thread; its ISR proposals wait to be
 * answered.
 */
final class ReplicaNode implements IsrChanges {
  static final TopicIdPartition ORDERS = new TopicIdPartition(new Uuid(7, 7), 0, "orders");
  static final int ID = 1;

  final ManualTime time = new ManualTime(1_800_000_000_000L);
  final SimulatedDisk disk;
  final Queue<Runnable> writer = new ArrayDeque<>();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<IsrProposal> proposals = new ArrayList<>();
  final List<CompletableFuture<IsrResult>> answers = new ArrayList<>();
  final Map<Integer, Long> nodeEpochs = new HashMap<>(Map.of(ID, 10L, 2, 20L, 3, 30L));
  long tailCacheBytes = 8L << 20;
  long minFreeBytes;
  LogConfig config = LogConfig.builder().segmentBytes(16 << 10).indexIntervalBytes(512).build();

  /** Whether the replica is there when the set of replicas starts, as in a node. */
  boolean opensBeforeStart;

  private final SplittableRandom random;
  private final List<Path> paths;
  private ManualScheduler timers = new ManualScheduler(time);
  private @Nullable ReplicaSet set;
  private boolean isStopping;

  ReplicaNode(long seed, Path... paths) {
    this.random = new SplittableRandom(seed);
    this.disk = new SimulatedDisk(random.split());
    this.paths = paths.length == 0 ? List.of(Path.of("/data")) : List.of(paths);
  }

  ReplicaNode start() {
    timers = new ManualScheduler(time);
    LogResources resources =
        new LogResources(disk, time, random.split(), timers, path -> Runnable::run);
    LogDirectories directories =
        LogDirectories.open(
            paths,
            new LogDirectorySettings(
                ID, minFreeBytes, 60_000, 86_400_000, 1_000_000, 64, 1 << 20, Set.of("quorum")),
            resources);
    directories.identify("cluster");
    directories.recover(topic -> config);
    directories.markTrusted();
    ReplicaSet opened =
        new ReplicaSet(
            new ReplicaSettings(ID, 30_000, 5_000, tailCacheBytes, 1 << 20),
            directories,
            this,
            new ReplicaResources(time, timers, path -> this::onWriter, meters));
    set = opened;
    if (opensBeforeStart) {
      open();
    }
    opened.start();
    return this;
  }

  ReplicaSet set() {
    return Objects.requireNonNull(set);
  }

  ManualScheduler timers() {
    return timers;
  }

  Replica open() {
    return set().createOrOpen(ORDERS, config);
  }

  /** The replica, leading alone. */
  Replica leadAlone(int leaderEpoch) {
    Replica replica = open();
    replica
        .becomeLeader(
            new LeaderAssignment(leaderEpoch, leaderEpoch, List.of(ID), List.of(ID), 0, 0))
        .join();
    return replica;
  }

  Replica lead(int leaderEpoch, List<Integer> isr) {
    Replica replica = open();
    replica
        .becomeLeader(new LeaderAssignment(leaderEpoch, leaderEpoch, List.of(1, 2, 3), isr, 0, 0))
        .join();
    return replica;
  }

  /** A clean stop: the writer, whose work waits for the test otherwise, does it at once. */
  void stop() {
    isStopping = true;
    runWriter();
    set().close();
    isStopping = false;
  }

  private void onWriter(Runnable task) {
    if (isStopping) {
      task.run();
    } else {
      writer.add(task);
    }
  }

  void runWriter() {
    while (!writer.isEmpty()) {
      writer.remove().run();
    }
  }

  @Override
  public CompletableFuture<IsrResult> propose(IsrProposal proposal) {
    CompletableFuture<IsrResult> answer = new CompletableFuture<>();
    proposals.add(proposal);
    answers.add(answer);
    return answer;
  }

  @Override
  public OptionalLong eligibleNodeEpoch(int nodeId) {
    Long epoch = nodeEpochs.get(nodeId);
    return epoch == null ? OptionalLong.empty() : OptionalLong.of(epoch);
  }

  // batches

  static ByteBuffer batch(String... values) {
    RecordBatchBuilder builder = new RecordBatchBuilder(CompressionSpec.NONE);
    return filled(builder, values);
  }

  static ByteBuffer idempotent(long producerId, int epoch, int sequence, String... values) {
    return filled(
        new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            -1,
            producerId,
            (short) epoch,
            sequence,
            false),
        values);
  }

  private static ByteBuffer filled(RecordBatchBuilder builder, String... values) {
    for (String value : values) {
      builder.append(1_799_999_999_000L, null, value.getBytes(StandardCharsets.UTF_8));
    }
    return builder.build();
  }

  Told append(Replica replica, Acks acks, ByteBuffer batch) {
    Told told = new Told();
    append(replica, acks, batch, told);
    return told;
  }

  void append(Replica replica, Acks acks, ByteBuffer batch, Told told) {
    try {
      replica.append(
          new BatchValidator(time).validate(batch, replica.view().config(), AppendOrigin.CLIENT),
          acks,
          -1,
          told);
    } catch (InvalidBatchException e) {
      throw new AssertionError(e);
    }
  }

  /** What one append was told. */
  static final class Told implements AppendListener {
    int appended;
    final List<AppendOutcome> outcomes = new ArrayList<>();

    @Override
    public void appended() {
      appended++;
    }

    @Override
    public void completed(AppendOutcome outcome) {
      if (appended != 1) {
        throw new AssertionError("completed after " + appended + " appended");
      }
      outcomes.add(outcome);
    }

    boolean isDone() {
      return !outcomes.isEmpty();
    }

    AppendOutcome outcome() {
      if (outcomes.size() != 1) {
        throw new AssertionError(outcomes.toString());
      }
      return outcomes.getFirst();
    }

    AppendOutcome.Appended ok() {
      return (AppendOutcome.Appended) outcome();
    }

    AppendOutcome.Refused refused() {
      return (AppendOutcome.Refused) outcome();
    }
  }

  /** All committed values from an offset on, read with small reads. */
  static List<String> values(Replica replica, long from) {
    List<String> values = new ArrayList<>();
    long offset = from;
    while (offset < replica.view().highWatermark()) {
      long next = offset;
      ReplicaRead read =
          replica.read(new ReadRequest(offset, 700, true, Isolation.HIGH_WATERMARK, -1, -1, false));
      for (Entry entry : entries(read)) {
        if (entry.offset >= next) {
          values.add(entry.value);
          next = entry.offset + 1;
        }
      }
      if (next == offset) {
        throw new AssertionError("Nothing at " + offset + " from " + read.source());
      }
      offset = next;
    }
    return values;
  }

  record Entry(long offset, String value) {}

  static List<Entry> entries(ReplicaRead read) {
    List<Entry> entries = new ArrayList<>();
    if (read.slice() == null) {
      return entries;
    }
    try {
      Records.visit(
          read.slice().toBuffer(),
          (batch, record) -> {
            ByteBuffer value = record.value();
            entries.add(
                new Entry(
                    record.offset(),
                    value == null ? "" : StandardCharsets.UTF_8.decode(value).toString()));
            return true;
          });
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      read.release();
    }
    return entries;
  }

  static boolean isLog(Path path) {
    return path.toString().endsWith(".log");
  }

  static ReadSource source(Replica replica, long offset) {
    ReplicaRead read =
        replica.read(ReadRequest.ofConsumer(offset, 1_000_000, Isolation.HIGH_WATERMARK));
    read.release();
    return read.source();
  }

  static void fetched(Replica leader, int followerId, long offset) {
    leader
        .followerProgress(
            new FollowerProgress(new NodeEpoch(followerId, 10L * followerId), offset, 0))
        .join();
  }

  /** This node follows node 1. */
  Replica follow(int leaderEpoch) {
    Replica replica = open();
    replica
        .becomeFollower(
            new FollowerAssignment(
                1, leaderEpoch, leaderEpoch, List.of(1, 2, 3), List.of(1, 2), 0, 0))
        .join();
    return replica;
  }

  /** Fetches as a follower does until it has everything, and once more so that its leader knows. */
  static void replicate(Replica leader, Replica follower) throws Exception {
    int epoch = leader.view().leaderEpoch();
    for (int i = 0; i < 20; i++) {
      long offset = follower.view().logEndOffset();
      int lastEpoch = offset == 0 ? -1 : follower.lineage().epochOf(offset - 1).orElse(-1);
      ReplicaRead read =
          leader.read(
              new ReadRequest(offset, 500, true, Isolation.LOG_END, epoch, lastEpoch, true));
      if (read.diverging() != null) {
        follower.truncateToLeader(epoch, read.diverging()).join();
        continue;
      }
      fetched(leader, 2, offset);
      LeaderProgress progress =
          new LeaderProgress(epoch, leader.view().highWatermark(), leader.view().logStartOffset());
      ByteBuffer bytes = read.slice() == null ? ByteBuffer.allocate(0) : read.slice().toBuffer();
      read.release();
      follower
          .replicate(
              new BatchValidator(Time.SYSTEM)
                  .validate(bytes, follower.view().config(), AppendOrigin.REPLICA),
              progress)
          .join();
    }
  }

  void measureFreeSpace() {
    timers().advanceMs(1_001);
    runWriter();
    timers().advanceMs(1_001);
    runWriter();
  }
}
