package io.tidemark.log.clean;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.ManualScheduler;
import io.tidemark.log.ManualTime;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectorySettings;
import io.tidemark.log.partition.LogResources;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.Records;
import io.tidemark.log.replica.Acks;
import io.tidemark.log.replica.AppendListener;
import io.tidemark.log.replica.AppendOutcome;
import io.tidemark.log.replica.FollowerAssignment;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.IsrChanges;
import io.tidemark.log.replica.IsrProposal;
import io.tidemark.log.replica.IsrResult;
import io.tidemark.log.replica.LeaderAssignment;
import io.tidemark.log.replica.LeaderProgress;
import io.tidemark.log.replica.ReadRequest;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaRead;
import io.tidemark.log.replica.ReplicaResources;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.replica.ReplicaSettings;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.log.validate.InvalidBatchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Replicas that lead alone and their cleaner, above a simulated disk, all on one thread. */
final class CleanerNode implements IsrChanges {
  static final Path DATA = Path.of("/data");

  final ManualTime time = new ManualTime(1_800_000_000_000L);
  final SimulatedDisk disk;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  LogConfig config =
      LogConfig.builder()
          .compact(true)
          .delete(false)
          .segmentBytes(4_000)
          .indexIntervalBytes(300)
          .fileDeleteDelayMs(1_000)
          .minCleanableDirtyRatio(0.01)
          .build();

  /** Steps are paced, so that each comes when the clock has moved. */
  CleanerSettings settings = new CleanerSettings(true, 1, 1 << 20, 0.9, 1e6, 1_000);

  private final SplittableRandom random;
  private ManualScheduler timers = new ManualScheduler(time);
  private @Nullable ReplicaSet set;
  private @Nullable LogCleaner cleaner;
  private int leaderEpoch;

  CleanerNode(long seed) {
    this.random = new SplittableRandom(seed);
    this.disk = new SimulatedDisk(random.split());
  }

  CleanerNode start() {
    timers = new ManualScheduler(time);
    LogDirectories directories =
        LogDirectories.open(
            List.of(DATA),
            LogDirectorySettings.defaults(1),
            new LogResources(disk, time, random.split(), timers, path -> Runnable::run));
    directories.identify("cluster");
    directories.recover(topic -> config);
    directories.markTrusted();
    set =
        new ReplicaSet(
            // Nothing is read from memory: what is on the disk counts.
            new ReplicaSettings(1, 30_000, 5_000, 0, 1 << 20),
            directories,
            this,
            new ReplicaResources(time, timers, path -> Runnable::run, new SimpleMeterRegistry()));
    cleaner =
        new LogCleaner(
            settings, () -> set().all(), new CleanerResources(time, timers, random, meters));
    cleaner.start();
    leaderEpoch++;
    return this;
  }

  void stop() {
    if (cleaner != null) {
      cleaner.close();
    }
    set().close();
  }

  ReplicaSet set() {
    if (set == null) {
      throw new IllegalStateException("The node has not been started");
    }
    return set;
  }

  ManualScheduler timers() {
    return timers;
  }

  static TopicIdPartition partition(int number) {
    return new TopicIdPartition(new Uuid(7, 7), number, "states");
  }

  static Path folder(int number) {
    return DATA.resolve("states-" + number);
  }

  Replica lead(int number) {
    Replica replica = set().createOrOpen(partition(number), config);
    replica
        .becomeLeader(new LeaderAssignment(leaderEpoch, leaderEpoch, List.of(1), List.of(1), 0, 0))
        .join();
    return replica;
  }

  /** This node follows node 1 in the leader's epoch. */
  Replica follow(int number, Replica leader) {
    Replica replica = set().createOrOpen(partition(number), config);
    int epoch = leader.view().leaderEpoch();
    replica
        .becomeFollower(new FollowerAssignment(1, epoch, epoch, List.of(1, 2), List.of(1), 0, 0))
        .join();
    return replica;
  }

  /** Fetches in small reads, as a follower does, until it has all that is committed. */
  void replicate(Replica leader, Replica follower) {
    while (follower.view().logEndOffset() < leader.view().highWatermark()) {
      ByteBuffer bytes =
          read(leader, follower.view().logEndOffset(), 700, Isolation.HIGH_WATERMARK);
      try {
        follower
            .replicate(
                new BatchValidator(time)
                    .validate(bytes, follower.view().config(), AppendOrigin.REPLICA),
                new LeaderProgress(
                    leader.view().leaderEpoch(),
                    leader.view().highWatermark(),
                    leader.view().logStartOffset()))
            .join();
      } catch (InvalidBatchException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Lets the cleaner look at least once, and do all it finds to do. */
  void clean() {
    timers.advanceMs(settings.backoffMs() * 5);
  }

  @Override
  public CompletableFuture<IsrResult> propose(IsrProposal proposal) {
    return new CompletableFuture<>();
  }

  @Override
  public OptionalLong eligibleNodeEpoch(int nodeId) {
    return OptionalLong.of(1);
  }

  // ---- records

  /** A record to be written, or read back; a value of null is a tombstone. */
  record KeyValue(@Nullable String key, @Nullable String value) {
    static KeyValue keyed(@Nullable String key, @Nullable String value) {
      return new KeyValue(key, value);
    }
  }

  /** A record of a log, with what its batch says. */
  record Found(long offset, KeyValue record, int leaderEpoch, boolean hasHorizon) {}

  static ByteBuffer batch(CompressionSpec compression, long timestampMs, KeyValue... records) {
    return filled(new RecordBatchBuilder(compression), timestampMs, records);
  }

  static ByteBuffer batchOf(
      long producerId, int sequence, boolean isTransactional, long timestampMs, KeyValue... all) {
    RecordBatchBuilder builder =
        new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            -1,
            producerId,
            (short) 0,
            sequence,
            isTransactional);
    return filled(builder, timestampMs, all);
  }

  private static ByteBuffer filled(
      RecordBatchBuilder builder, long timestampMs, KeyValue... records) {
    for (KeyValue record : records) {
      builder.append(timestampMs, bytes(record.key()), bytes(record.value()));
    }
    return builder.build();
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /** Appends, and returns the offset of the first record. */
  long append(Replica replica, ByteBuffer batch, AppendOrigin origin) {
    long[] offset = {-1};
    try {
      replica.append(
          new BatchValidator(time).validate(batch, replica.view().config(), origin),
          Acks.LEADER,
          -1,
          new AppendListener() {
            @Override
            public void appended() {}

            @Override
            public void completed(AppendOutcome outcome) {
              if (outcome instanceof AppendOutcome.Appended done) {
                offset[0] = done.baseOffset();
              } else {
                throw new AssertionError(outcome.toString());
              }
            }
          });
      return offset[0];
    } catch (InvalidBatchException e) {
      throw new AssertionError(e);
    }
  }

  long append(Replica replica, KeyValue... records) {
    return append(
        replica,
        batch(CompressionSpec.NONE, time.milliseconds(), records),
        AppendOrigin.COORDINATOR);
  }

  /** Reads the bytes at an offset as a consumer does. */
  static ByteBuffer read(Replica replica, long offset, int maxBytes, Isolation isolation) {
    ReplicaRead read =
        replica.read(
            new ReadRequest(
                offset,
                maxBytes,
                true,
                isolation,
                ReadRequest.NO_EPOCH,
                ReadRequest.NO_EPOCH,
                false));
    try {
      return read.slice() == null ? ByteBuffer.allocate(0) : read.slice().toBuffer();
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      read.release();
    }
  }

  /** All data records from an offset on, in small reads; offsets never go back. */
  static List<Found> records(Replica replica, long fromOffset) {
    List<Found> found = new ArrayList<>();
    long offset = fromOffset;
    while (offset < replica.view().highWatermark()) {
      offset = readOn(replica, offset, found);
    }
    return found;
  }

  /** One read; returns where the next begins. */
  static long readOn(Replica replica, long offset, List<Found> found) {
    ByteBuffer bytes = read(replica, offset, 700, Isolation.HIGH_WATERMARK);
    Records.visit(
        bytes,
        (batch, record) -> {
          if (record.offset() >= offset && !batch.isControl()) {
            found.add(
                new Found(
                    record.offset(),
                    new KeyValue(text(record.key()), text(record.value())),
                    batch.leaderEpoch(),
                    batch.hasDeleteHorizon()));
          }
          return true;
        });
    long next = endOf(bytes, offset);
    if (next <= offset) {
      throw new AssertionError("Nothing at offset " + offset + " of " + replica.id());
    }
    return next;
  }

  private static long endOf(ByteBuffer bytes, long before) {
    BatchCursor cursor = new BatchCursor(bytes);
    long next = before;
    while (cursor.next()) {
      if (cursor.header().baseOffset() < next && next != before) {
        throw new AssertionError("Offset " + cursor.header().baseOffset() + " after " + next);
      }
      next = cursor.header().nextOffset();
    }
    return next;
  }

  /** The headers of all batches, copied. */
  static List<RecordBatchHeader> batches(Replica replica) {
    List<RecordBatchHeader> found = new ArrayList<>();
    long offset = replica.view().logStartOffset();
    while (offset < replica.view().highWatermark()) {
      ByteBuffer bytes = read(replica, offset, 1 << 20, Isolation.HIGH_WATERMARK);
      BatchCursor cursor = new BatchCursor(bytes);
      while (cursor.next()) {
        found.add(new RecordBatchHeader().wrap(bytes, cursor.header().position()));
        offset = cursor.header().nextOffset();
      }
    }
    return found;
  }

  private static @Nullable String text(@Nullable ByteBuffer bytes) {
    return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }
}
