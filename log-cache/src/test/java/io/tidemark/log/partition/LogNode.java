package io.tidemark.log.partition;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.ManualScheduler;
import io.tidemark.log.ManualTime;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.Records;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * The storage of a node above a {@link SimulatedDisk}, on one thread: bulk work runs at once,
 * timers when the test moves the clock. For tests that stop, kill and start it again.
 */
public final class LogNode {
  public static final TopicIdPartition ORDERS = new TopicIdPartition(new Uuid(7, 7), 0, "orders");
  public static final Path DATA = Path.of("/data");

  public final ManualTime time = new ManualTime(1_000_000);
  public final SimulatedDisk disk;
  public final List<Path> paths;
  public LogConfig config = LogConfig.builder().segmentBytes(4096).indexIntervalBytes(256).build();

  /** How many files may stay open that nobody uses; counts from the next start on. */
  public int idleFiles = 64;

  public int maxProducers = 1_000_000;

  private final SplittableRandom random;
  private ManualScheduler timer = new ManualScheduler(time);
  private LogDirectories directories;

  public LogNode(long seed, Path... paths) {
    this.random = new SplittableRandom(seed);
    this.disk = new SimulatedDisk(random.split());
    this.paths = List.of(paths);
    this.directories = opened();
  }

  public static LogNode started(long seed) {
    LogNode node = new LogNode(seed, DATA);
    node.recover();
    return node;
  }

  private LogDirectories opened() {
    timer = new ManualScheduler(time);
    LogResources resources =
        new LogResources(disk, time, random.split(), timer, path -> Runnable::run);
    return LogDirectories.open(
        paths,
        new LogDirectorySettings(
            1, 0, 60_000, 86_400_000, maxProducers, idleFiles, 1 << 20, Set.of("quorum")),
        resources);
  }

  public void recover() {
    directories.identify("cluster");
    directories.recover(topic -> config);
    directories.markTrusted();
  }

  public LogDirectories directories() {
    return directories;
  }

  public ManualScheduler timer() {
    return timer;
  }

  /** The log of {@link #ORDERS}. */
  public PartitionLog log() {
    return directories.create(ORDERS, config);
  }

  public void restart() {
    directories.close();
    start();
  }

  /** After the process or the machine was killed. */
  public void start() {
    directories = opened();
    recover();
  }

  public void killProcess() {
    disk.killProcess();
    start();
  }

  public void crash() {
    disk.crash();
    start();
  }

  // ---- batches

  public static ByteBuffer batch(long timestampMs, String... values) {
    RecordBatchBuilder builder = new RecordBatchBuilder(CompressionSpec.NONE);
    for (String value : values) {
      builder.append(timestampMs, null, value.getBytes(StandardCharsets.UTF_8));
    }
    return builder.build();
  }

  /** Some records of some size with a number that tells them apart. */
  public static ByteBuffer batch(int number, int records, int valueBytes) {
    String filling = "x".repeat(valueBytes);
    return batch(
        number,
        IntStream.range(0, records)
            .mapToObj(i -> number + ":" + i + filling)
            .toArray(String[]::new));
  }

  /** Appends as a leader of this epoch; returns the offset of the first record. */
  public static long append(PartitionLog log, int leaderEpoch, ByteBuffer batches) {
    AppendPlan plan = log.plan(log.config().segmentMs() / 2);
    Admission admission = plan.add(batches, leaderEpoch, AppendOrigin.CLIENT, null);
    log.append(plan);
    return switch (admission) {
      case Admission.Admitted admitted -> admitted.baseOffset();
      case Admission.Duplicate duplicate -> duplicate.baseOffset();
    };
  }

  public static long append(PartitionLog log, ByteBuffer batches) {
    return append(log, 0, batches);
  }

  /** All values of the log on disk, from its local start. */
  public static List<String> recordValues(PartitionLog log) {
    List<String> values = new ArrayList<>();
    long offset = log.offsets().localLogStartOffset();
    while (offset < log.offsets().logEndOffset()) {
      ByteBuffer bytes = read(log, offset, 8192);
      Records.visit(
          bytes,
          (batch, record) -> {
            ByteBuffer value = record.value();
            values.add(
                value == null ? "" : StandardCharsets.UTF_8.decode(value.duplicate()).toString());
            return true;
          });
      offset = nextOffset(bytes, offset);
    }
    return values;
  }

  private static long nextOffset(ByteBuffer bytes, long before) {
    BatchCursor cursor = new BatchCursor(bytes);
    long next = before;
    while (cursor.next()) {
      next = cursor.header().nextOffset();
    }
    if (next == before) {
      throw new AssertionError("Nothing readable at offset " + before);
    }
    return next;
  }

  /** The bytes from an offset on. */
  public static ByteBuffer read(PartitionLog log, long offset, int maxBytes) {
    LogSlice slice = log.read(offset, maxBytes, Long.MAX_VALUE, true);
    try {
      return slice.toBuffer();
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      slice.release();
    }
  }
}
