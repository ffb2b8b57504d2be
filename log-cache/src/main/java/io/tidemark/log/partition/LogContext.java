package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.disk.ShortageException;
import io.tidemark.log.producer.ProducerBudget;
import io.tidemark.log.segment.SegmentStore;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a log has from its directory, and its own health: online until a reason is given, then
 * offline for good. Safe from any thread.
 */
final class LogContext {
  private static final Logger log = LoggerFactory.getLogger(LogContext.class);

  private final SegmentStore store;
  private final Time time;
  private final ScheduledExecutorService timer;
  private final Executor bulk;
  private final long producerIdExpirationMs;
  private final ProducerBudget producers;
  private final Consumer<String> onDiskFailure;

  // Volatile because any thread may find out.
  private volatile @Nullable String offlineReason;

  // Volatile for the same reason.
  private volatile boolean isReleased;

  /**
   * The context of one log.
   *
   * @param producerIdExpirationMs after which an idle producer is forgotten
   * @param producers shared by all logs of the node
   * @param onDiskFailure told when the whole directory cannot be trusted any more
   */
  LogContext(
      SegmentStore store,
      Time time,
      ScheduledExecutorService timer,
      Executor bulk,
      long producerIdExpirationMs,
      ProducerBudget producers,
      Consumer<String> onDiskFailure) {
    this.store = store;
    this.time = time;
    this.timer = timer;
    this.bulk = bulk;
    this.producerIdExpirationMs = producerIdExpirationMs;
    this.producers = producers;
    this.onDiskFailure = onDiskFailure;
  }

  SegmentStore store() {
    return store;
  }

  Disk disk() {
    return store.disk();
  }

  Time time() {
    return time;
  }

  long producerIdExpirationMs() {
    return producerIdExpirationMs;
  }

  ProducerBudget producers() {
    return producers;
  }

  @Nullable String offlineReason() {
    return offlineReason;
  }

  void checkOnline() {
    String reason = offlineReason;
    if (reason != null) {
      throw new KafkaStorageException("The log is offline: " + reason);
    }
  }

  /** Takes this log offline; the first reason stays. */
  void offline(String reason) {
    if (offlineReason == null) {
      offlineReason = reason;
    }
  }

  /** The log is closed or deleted: what its files do from here on says nothing about the disk. */
  void release(String why) {
    offline(why);
    isReleased = true;
  }

  /** Whether the log was let go of; its name may be another's from then on. */
  boolean isReleased() {
    return isReleased;
  }

  /**
   * A write, force, rename or removal failed: unless something has only run out the disk is not
   * trusted.
   */
  KafkaStorageException writeFailed(String what, IOException e) {
    String reason = what + " failed: " + e;
    if (!(e instanceof ShortageException)) {
      broken(reason);
    }
    return new KafkaStorageException(reason, e);
  }

  /** Whatever the reason, what is on disk is no longer what this log believes. */
  KafkaStorageException brokenBy(String what, IOException e) {
    String reason = what + " failed: " + e;
    broken(reason);
    return new KafkaStorageException(reason, e);
  }

  private void broken(String reason) {
    if (!isReleased) {
      offline(reason);
      onDiskFailure.accept(reason);
    }
  }

  /** Part of this log cannot be read; others on the disk may be fine. */
  KafkaStorageException readFailed(Object file, Exception e) {
    String reason = "%s cannot be read: %s".formatted(file, e.getMessage());
    if (!isReleased && !(e instanceof ShortageException)) {
      offline(reason);
      log.error("The log is offline: {}", reason);
    }
    return new KafkaStorageException(reason, e);
  }

  /** Runs bulk work on the directory's threads. */
  void bulk(Runnable work) {
    bulk.execute(work);
  }

  /** Runs bulk work on the directory's threads after a delay; not at all when the node stops. */
  void later(long delayMs, Runnable work) {
    try {
      var _ = timer.schedule(() -> bulk.execute(work), delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("Stopping: left to the next start");
    }
  }
}
