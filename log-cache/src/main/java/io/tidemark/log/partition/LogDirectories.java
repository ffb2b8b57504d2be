package io.tidemark.log.partition;

import io.tidemark.log.LogConfig;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;

/** All entries of log.dirs. */
public final class LogDirectories implements AutoCloseable {
  LogDirectories() {}

  /** Creates, locks and reads; a directory that fails is offline, all failing is an exception. */
  public static LogDirectories open(
      List<Path> paths, LogDirectorySettings settings, LogResources resources) {
    throw new UnsupportedOperationException();
  }

  /** What the folders say; empty before the first start. */
  public Optional<String> clusterId() {
    throw new UnsupportedOperationException();
  }

  /** Writes, or compares: WrongDirectoryException. */
  public void identify(String clusterId) {
    throw new UnsupportedOperationException();
  }

  /** Loads all logs, in parallel; blocks. Config by topic name. */
  public void recover(Function<String, LogConfig> configs) {
    throw new UnsupportedOperationException();
  }

  public List<LogDirectory> directories() {
    throw new UnsupportedOperationException();
  }

  public Optional<PartitionLog> log(TopicIdPartition id) {
    throw new UnsupportedOperationException();
  }

  public Collection<PartitionLog> logs() {
    throw new UnsupportedOperationException();
  }

  /** Opens the log, creating it in the directory with the fewest where it is not there. */
  public PartitionLog create(TopicIdPartition id, LogConfig config) {
    throw new UnsupportedOperationException();
  }

  /** Renames the folder and removes it after the delay; idempotent. */
  public void delete(TopicIdPartition id) {
    throw new UnsupportedOperationException();
  }

  /** Writes the checkpoints of all directories. */
  public void checkpoint() {
    throw new UnsupportedOperationException();
  }

  /** After the quorum knows of an unclean stop: from now on this start counts. */
  public void markTrusted() {
    throw new UnsupportedOperationException();
  }

  /** The clean stop. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
