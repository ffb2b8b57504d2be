package io.tidemark.log.replica;

import io.tidemark.log.partition.LogDirectory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.Errors;

/** Whether a log directory takes appends now. Safe from any thread. */
final class DirectoryState {
  /**
   * What an append gets while the disk is full. It must be an error that producers retry without
   * doubt and without asking for another leader: KAFKA_STORAGE_ERROR sends them looking for one,
   * and says that the directory has failed; a quota error is not retried by librdkafka.
   * NOT_ENOUGH_REPLICAS says precisely that nothing was appended and that it is worth trying again,
   * to the Java client and to librdkafka.
   */
  static final Errors FULL_ERROR = Errors.NOT_ENOUGH_REPLICAS;

  /** Why an append is refused. */
  record Refusal(Errors error, String message) {}

  private final LogDirectory directory;
  private final DirectoryPace pace;
  private final AtomicBoolean isMeasuring = new AtomicBoolean();
  // Volatile because the directory's writer measures and any appender asks.
  private volatile boolean isNearlyFull;

  DirectoryState(LogDirectory directory, DirectoryPace pace) {
    this.directory = directory;
    this.pace = pace;
    this.isNearlyFull = directory.isNearlyFull();
  }

  /**
   * Has the free space measured by the directory's writer: a disk that hangs must not take anybody
   * else with it.
   */
  void measure() {
    if (isMeasuring.compareAndSet(false, true)) {
      pace.onWriter(() -> {
        isNearlyFull = directory.isNearlyFull();
        isMeasuring.set(false);
      });
    }
  }

  Optional<Refusal> refusesAppends() {
    if (pace.isStalled()) {
      return Optional.of(stalled());
    }
    if (isNearlyFull) {
      return Optional.of(
          new Refusal(FULL_ERROR, "Log directory " + directory.path() + " is nearly full"));
    }
    return Optional.empty();
  }

  boolean isStalled() {
    return pace.isStalled();
  }

  Refusal stalled() {
    return new Refusal(
        Errors.KAFKA_STORAGE_ERROR,
        "Log directory " + directory.path() + " has not answered a write for too long");
  }

  Path path() {
    return directory.path();
  }

  LogDirectory directory() {
    return directory;
  }

  DirectoryPace pace() {
    return pace;
  }
}
