package io.tidemark.log.replica;

/**
 * Where things stand in one log, as its {@link ReplicaCore} counts. {@code logStartOffset ≤
 * highWatermark ≤ logEndOffset}; the high watermark, the log start and the tiered offset only go
 * up, but for {@link #truncated}.
 */
final class CoreOffsets {
  private static final long NONE = Long.MAX_VALUE;

  private long logStartOffset;
  private long localLogStartOffset;
  private long tieredOffset;
  private long highWatermark;
  private long logEndOffset;
  private long countedEndOffset;
  private long firstUnstableOffset = NONE;

  CoreOffsets(
      long logStartOffset, long localLogStartOffset, long highWatermark, long logEndOffset) {
    restartedAt(logStartOffset, localLogStartOffset, highWatermark, logEndOffset);
  }

  /** Of what was found when the log was opened, only this much is on the disk for certain. */
  void countOnlyTo(long endOffset) {
    countedEndOffset = Math.min(endOffset, logEndOffset);
  }

  /** The log was opened, or replaced by one that starts elsewhere. */
  void restartedAt(
      long newLogStartOffset,
      long newLocalLogStartOffset,
      long newHighWatermark,
      long newLogEndOffset) {
    logStartOffset = newLogStartOffset;
    localLogStartOffset = newLocalLogStartOffset;
    logEndOffset = newLogEndOffset;
    countedEndOffset = newLogEndOffset;
    highWatermark = Math.clamp(newHighWatermark, newLogStartOffset, newLogEndOffset);
    firstUnstableOffset = NONE;
  }

  /**
   * The log has grown.
   *
   * @param counted the end that counts for acknowledgements: the log end, or what is flushed where
   *     flushes are waited for
   */
  void grown(long newLogEndOffset, long counted) {
    if (newLogEndOffset < logEndOffset || counted > newLogEndOffset) {
      throw new IllegalStateException(
          "log end "
              + logEndOffset
              + " cannot become "
              + newLogEndOffset
              + " counted to "
              + counted);
    }
    logEndOffset = newLogEndOffset;
    countedEndOffset = Math.max(countedEndOffset, counted);
  }

  void flushed(long endOffset) {
    countedEndOffset = Math.clamp(endOffset, countedEndOffset, logEndOffset);
  }

  /**
   * The tail from this offset on is gone. A committed part of it too, if the leader's history says
   * so.
   */
  void truncated(long offset) {
    logEndOffset = Math.min(logEndOffset, offset);
    countedEndOffset = Math.min(countedEndOffset, offset);
    highWatermark = Math.min(highWatermark, offset);
    if (firstUnstableOffset >= logEndOffset) {
      firstUnstableOffset = NONE;
    }
  }

  boolean advanceHighWatermark(long candidate) {
    long next = Math.min(candidate, logEndOffset);
    if (next <= highWatermark) {
      return false;
    }
    highWatermark = next;
    return true;
  }

  /**
   * The quorum says that everything below is committed, wherever the high watermark was seen last.
   */
  void committedTo(long offset) {
    advanceHighWatermark(offset);
  }

  /** Never beyond the high watermark: what is not committed cannot be given up. */
  long advanceLogStart(long offset) {
    logStartOffset = Math.max(logStartOffset, Math.min(offset, highWatermark));
    localLogStartOffset = Math.max(localLogStartOffset, logStartOffset);
    return logStartOffset;
  }

  void localLogStartsAt(long offset) {
    localLogStartOffset = Math.max(offset, logStartOffset);
  }

  void tieredTo(long offset) {
    tieredOffset = Math.max(tieredOffset, offset);
  }

  /** The bucket was emptied on purpose. */
  void tierRestartedAt(long offset) {
    tieredOffset = offset;
  }

  void firstUnstable(long offset) {
    firstUnstableOffset = offset;
  }

  void allStable() {
    firstUnstableOffset = NONE;
  }

  long logStartOffset() {
    return logStartOffset;
  }

  long highWatermark() {
    return highWatermark;
  }

  long lastStableOffset() {
    return Math.min(highWatermark, firstUnstableOffset);
  }

  long logEndOffset() {
    return logEndOffset;
  }

  long countedEndOffset() {
    return countedEndOffset;
  }

  /**
   * A local segment may be dropped when it ends at or below this: it is in the bucket and committed
   * here.
   */
  long locallyDeletableBelow() {
    return Math.min(tieredOffset, highWatermark);
  }

  ReplicaView.Offsets view() {
    return new ReplicaView.Offsets(
        logStartOffset,
        localLogStartOffset,
        tieredOffset,
        lastStableOffset(),
        highWatermark,
        logEndOffset);
  }
}
