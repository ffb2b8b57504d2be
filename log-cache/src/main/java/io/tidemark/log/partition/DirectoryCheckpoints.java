package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.recovery.Checkpoint;
import io.tidemark.log.recovery.CleanLog;
import io.tidemark.log.recovery.LogKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint files of one log directory. What is noted of logs that could not be loaded, or
 * have no folder yet, is carried on. Read and written by one thread at a time; {@link #of} and what
 * is about absent logs are safe from any.
 */
final class DirectoryCheckpoints {
  private final Disk disk;
  private final Path directory;
  // Volatile because new logs ask while another thread writes; each map is replaced as a whole.
  private volatile Map<LogKey, Long> recoveryPoints = Map.of();
  private volatile Map<LogKey, Long> logStarts = Map.of();
  private volatile Map<LogKey, Long> highWatermarks = Map.of();
  private Map<LogKey, CleanLog> cleanLogs = Map.of();

  /** Noted logs that were not found: without a folder, as they hold nothing, or taken away. */
  private final Set<LogKey> absent = ConcurrentHashMap.newKeySet();

  DirectoryCheckpoints(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  void read() throws IOException {
    recoveryPoints = orEmpty(Checkpoint.RECOVERY_POINTS.read(disk, directory));
    logStarts = orEmpty(Checkpoint.LOG_STARTS.read(disk, directory));
    highWatermarks = orEmpty(Checkpoint.HIGH_WATERMARKS.read(disk, directory));
    cleanLogs = orEmpty(Checkpoint.CLEAN_STOP.read(disk, directory));
    absent.addAll(recoveryPoints.keySet());
  }

  /** The log is here, usable or not. */
  void found(LogKey key) {
    absent.remove(key);
  }

  /** Whoever is to be here has been found or made: what is absent now is forgotten. */
  void forgetAbsent() {
    absent.clear();
  }

  private static <V> Map<LogKey, V> orEmpty(@Nullable Map<LogKey, V> read) {
    return read == null ? Map.of() : read;
  }

  LogCheckpoints of(LogKey key) {
    Long highWatermark = highWatermarks.get(key);
    return new LogCheckpoints(
        recoveryPoints.getOrDefault(key, 0L),
        logStarts.getOrDefault(key, 0L),
        highWatermark == null ? OptionalLong.empty() : OptionalLong.of(highWatermark));
  }

  boolean isAbsent(LogKey key) {
    return absent.contains(key);
  }

  @Nullable CleanLog cleanLog(LogKey key) {
    return cleanLogs.get(key);
  }

  /** Writes what has changed. */
  void write(Collection<PartitionLog> logs, Collection<LogKey> notLoaded) throws IOException {
    Set<LogKey> others = new HashSet<>(notLoaded);
    others.addAll(absent);
    Map<LogKey, Long> points = carried(recoveryPoints, others);
    Map<LogKey, Long> starts = carried(logStarts, others);
    Map<LogKey, Long> watermarks = carried(highWatermarks, others);
    for (PartitionLog log : logs) {
      LogKey key = LogKey.of(log.id());
      long recoveryPoint = log.recoveryPoint();
      log.recoveryMark().collected(recoveryPoint);
      points.put(key, recoveryPoint);
      starts.put(key, log.offsets().logStartOffset());
      watermarks.put(key, log.highWatermark());
    }
    recoveryPoints = writeChanged(Checkpoint.RECOVERY_POINTS, recoveryPoints, points);
    logStarts = writeChanged(Checkpoint.LOG_STARTS, logStarts, starts);
    highWatermarks = writeChanged(Checkpoint.HIGH_WATERMARKS, highWatermarks, watermarks);
    for (PartitionLog log : logs) {
      log.recoveryMark().written(points.getOrDefault(LogKey.of(log.id()), 0L));
    }
  }

  private static Map<LogKey, Long> carried(Map<LogKey, Long> before, Collection<LogKey> keys) {
    Map<LogKey, Long> carried = new HashMap<>();
    for (LogKey key : keys) {
      Long value = before.get(key);
      if (value != null) {
        carried.put(key, value);
      }
    }
    return carried;
  }

  private Map<LogKey, Long> writeChanged(
      Checkpoint<Long> checkpoint, Map<LogKey, Long> before, Map<LogKey, Long> now)
      throws IOException {
    if (!now.equals(before)) {
      checkpoint.write(disk, directory, now);
    }
    return now;
  }

  /** The very last write of a clean stop. */
  void writeCleanStop(Map<LogKey, CleanLog> closed) throws IOException {
    Checkpoint.CLEAN_STOP.write(disk, directory, closed);
  }
}
