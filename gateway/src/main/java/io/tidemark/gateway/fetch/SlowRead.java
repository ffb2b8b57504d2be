package io.tidemark.gateway.fetch;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are being brought near, from the bucket or from a disk's cold pages, so that the next
 * look finds them. It goes on when the request that started it has been answered, and when nobody
 * waits for it any more: what it brings stays in its cache for whoever comes next. Belongs to the
 * session's loop.
 */
final class SlowRead implements AutoCloseable {
  private final FetchedPartition partition;
  private final long offset;
  private boolean isDone;
  private boolean isClosed;
  private @Nullable Throwable failure;

  private SlowRead(FetchedPartition partition, long offset) {
    this.partition = partition;
    this.offset = offset;
  }

  /** Follows {@code arrival}; when it completes the partition is looked at again. */
  static SlowRead follow(FetchedPartition partition, long offset, CompletableFuture<?> arrival) {
    SlowRead read = new SlowRead(partition, offset);
    arrival.whenComplete(
        (ignored, failure) -> partition.session.loop().execute(() -> read.arrived(failure)));
    return read;
  }

  boolean isFor(long wantedOffset) {
    return offset == wantedOffset;
  }

  boolean isUnderWay() {
    return !isDone;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  private void arrived(@Nullable Throwable cause) {
    isDone = true;
    failure = cause;
    if (!isClosed) {
      partition.session.markDirty(partition);
      partition.session.partitionsChanged();
    }
  }

  /** Nobody waits any more. */
  @Override
  public void close() {
    isClosed = true;
  }
}
