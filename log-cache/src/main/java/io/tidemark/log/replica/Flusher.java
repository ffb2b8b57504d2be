package io.tidemark.log.replica;

import io.tidemark.log.LogConfig;
import io.tidemark.log.partition.PartitionLog;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces one log to the disk when {@code flush.messages} or {@code flush.ms} say so. One flush at a
 * time, on the directory's writer; what is appended meanwhile goes with the next, so all who wait
 * share it. Its state belongs to whoever drains the partition.
 *
 * <pre>
 *   drain: appended ──▶ writer: log.flush ──▶ drain: flushed up to …, waiting appends acknowledged ──▶ again when more is due
 * </pre>
 */
final class Flusher {
  private static final Logger logger = LoggerFactory.getLogger(Flusher.class);

  private final CurrentLog current;
  private final PartitionQueue queue;
  private final NodeParts node;
  private final DiskOperation flushing = new DiskOperation();
  private final LongConsumer onFlushed;
  private final Consumer<KafkaStorageException> onFailure;
  private boolean isUnderWay;

  // Volatile because the timer asks for it.
  private volatile boolean isPutOff;

  private long flushedOffset;
  private long lastFlushMs;

  /**
   * A flusher for one log.
   *
   * @param onFlushed told, in the partition's turn, up to which offset the log is durable
   * @param onFailure told, in the partition's turn, that nothing more is certain
   */
  Flusher(
      CurrentLog current,
      PartitionQueue queue,
      NodeParts node,
      LongConsumer onFlushed,
      Consumer<KafkaStorageException> onFailure) {
    this.current = current;
    this.queue = queue;
    this.node = node;
    this.onFlushed = onFlushed;
    this.onFailure = onFailure;
    this.flushedOffset = current.log().recoveryPoint();
    this.lastFlushMs = node.time().milliseconds();
  }

  /** Whether acknowledgements wait for the flush. */
  static boolean isWaitedFor(LogConfig config) {
    return config.flushMessages() <= 1;
  }

  /** Since when a flush has been under way. */
  DiskOperation flushing() {
    return flushing;
  }

  /** Everything below is durable. */
  long flushedOffset() {
    return flushedOffset;
  }

  /** Whether a flush could not be made for want of something, and waits for the next tick. */
  boolean isPutOff() {
    return isPutOff;
  }

  void appended(LogConfig config) {
    if (unflushed() >= config.flushMessages() && !isPutOff) {
      start();
    }
  }

  /** Time has passed. */
  void tick(LogConfig config, long nowMs) {
    boolean isDue = nowMs - lastFlushMs >= config.flushMs();
    if (isPutOff || (unflushed() > 0 && isDue)) {
      start();
    }
  }

  private long unflushed() {
    return current.log().offsets().logEndOffset() - flushedOffset;
  }

  private void start() {
    if (!isUnderWay) {
      isUnderWay = true;
      current.pace().onWriter(this::flush);
    }
  }

  /** On the directory's writer. */
  private void flush() {
    PartitionLog log = current.log();
    long startNs = node.time().nanoseconds();
    flushing.begin(startNs);
    try {
      long upTo = log.flush();
      queue.command(() -> {
        isUnderWay = false;
        flushed(upTo);
      });
    } catch (KafkaStorageException e) {
      queue.command(() -> failed(log, e));
    } catch (RuntimeException e) {
      logger.error("Flushing {} failed in a way that was not foreseen", log.id(), e);
      log.offline("its flush failed in a way that was not foreseen: " + e);
      queue.command(() -> failed(log, new KafkaStorageException("Flush of " + log.id(), e)));
    } finally {
      flushing.end();
      node.meters().flushed(node.time().nanoseconds() - startNs);
    }
  }

  private void flushed(long upTo) {
    isPutOff = false;
    flushedOffset = Math.max(flushedOffset, upTo);
    lastFlushMs = node.time().milliseconds();
    onFlushed.accept(flushedOffset);
  }

  /** A log that is still online has met a full disk: nothing was forced, nothing is lost. */
  private void failed(PartitionLog log, KafkaStorageException e) {
    isUnderWay = false;
    if (log != current.log()) {
      // It has moved, and was forced for that.
      appended(current.log().config());
      return;
    }
    if (log.offlineReason() != null) {
      onFailure.accept(e);
      return;
    }
    if (!isPutOff) {
      logger.warn("{} is flushed as soon as that works: {}", log.id(), e.getMessage());
    }
    isPutOff = true;
  }

  /** The log is another, as far as it goes, and durable. */
  void moved() {
    flushed(current.log().recoveryPoint());
  }

  /** The log was cut or begins elsewhere. */
  void cutTo(long logEndOffset) {
    flushedOffset = Math.min(flushedOffset, logEndOffset);
  }

  void restartedAt(long offset) {
    flushedOffset = offset;
  }
}
