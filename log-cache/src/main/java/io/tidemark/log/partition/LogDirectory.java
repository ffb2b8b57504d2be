package io.tidemark.log.partition;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One entry of log.dirs. */
public final class LogDirectory {
  LogDirectory() {}

  public Path path() {
    throw new UnsupportedOperationException();
  }

  public Uuid directoryId() {
    throw new UnsupportedOperationException();
  }

  public StopKind stopKind() {
    throw new UnsupportedOperationException();
  }

  /** Why the whole directory is offline; null while it is online. */
  public @Nullable String failure() {
    throw new UnsupportedOperationException();
  }

  /** Takes all its logs offline. */
  public void fail(String reason) {
    throw new UnsupportedOperationException();
  }

  /** Logs found but not usable, with the reason. */
  public Map<TopicIdPartition, String> offlineLogs() {
    throw new UnsupportedOperationException();
  }

  /** Below tidemark.log.dir.min.free.bytes produce is refused. Measured at most once a second. */
  public long usableBytes() {
    throw new UnsupportedOperationException();
  }

  public boolean isNearlyFull() {
    throw new UnsupportedOperationException();
  }

  /** Platform threads for bulk work on this disk. */
  public Executor bulk() {
    throw new UnsupportedOperationException();
  }
}
