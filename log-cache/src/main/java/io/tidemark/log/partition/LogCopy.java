package io.tidemark.log.partition;

import io.tidemark.log.AppendOrigin;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * A log's copy in another directory of the node, until it takes the log's place. Whoever made it
 * appends the log's batches to {@link #log}; one thread at a time. It ends by {@link #promote} or
 * {@link #discard}.
 *
 * <pre>
 *   folder of the log             folder of the copy        after a crash
 *   partition.metadata            partition.copy            copied anew from the start
 *   moving-to, nobody appends     partition.copy, forced    copied anew from the start
 *   moving-to                     partition.metadata        the copy is the log
 *   (removed)                     partition.metadata        the copy is the log
 * </pre>
 */
public final class LogCopy {
  private final LogDirectory from;
  private final LogDirectory to;
  private final PartitionLog source;
  private final PartitionLog copy;

  /** How often the log had been cut when the copying began. */
  private final int truncations;

  LogCopy(
      LogDirectory from, LogDirectory to, PartitionLog source, int truncations, PartitionLog copy) {
    this.from = from;
    this.to = to;
    this.source = source;
    this.truncations = truncations;
    this.copy = copy;
  }

  public TopicIdPartition id() {
    return source.id();
  }

  /** The directory it lies in. */
  public Path directory() {
    return to.path();
  }

  /** Adds whole batches of the log behind those that are there; the buffer is not moved. */
  public void append(ByteBuffer batches, long nowMs) {
    synchronized (copy) {
      AppendPlan plan = copy.plan(nowMs);
      plan.add(batches, 0, AppendOrigin.REPLICA, null);
      copy.append(plan);
    }
  }

  /** What has been copied so far; the log itself once it is promoted. */
  public PartitionLog log() {
    return copy;
  }

  /** The log that is copied. */
  public PartitionLog source() {
    return source;
  }

  /** Offsets that are still missing. */
  public long lag() {
    return Math.max(0, source.offsets().logEndOffset() - copy.offsets().logEndOffset());
  }

  /** Whether the copy no longer begins as the log does, which was cut: it must be made anew. */
  public boolean isOutdated() {
    return source.state().truncations() != truncations
        || copy.offsets().logEndOffset() < source.offsets().localLogStartOffset();
  }

  /**
   * Puts the copy in the place of the log. The copy has all of it, and nobody appends to either
   * from before that was found out until this returns. When it throws, the log is as before, or
   * offline: it may have moved then, and only a start can tell.
   *
   * @throws KafkaStorageException a disk is full, which changed nothing, or has failed
   */
  public void promote() {
    if (isOutdated() || lag() > 0) {
      throw new IllegalStateException(
          "%s is copied up to %d of %d"
              .formatted(id(), copy.offsets().logEndOffset(), source.offsets().logEndOffset()));
    }
    copy.flush();
    source.markMoving(to.directoryId());
    to.promote(copy, source);
    from.leftBehind(source);
  }

  /** Gives the copy up; the log goes on as it was. */
  public void discard() {
    to.discardCopy(copy);
  }

  /** Notes where the log is now in the checkpoints of both directories. */
  public void checkpoint() {
    to.checkpoint();
    from.checkpoint();
  }

  /** Takes what the log left behind away, on its directory's threads. */
  public void forgetSource() {
    from.bulk().execute(() -> from.forget(source));
  }
}
