package io.tidemark.tiering.read;

import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One sequential reader of one partition, recognised by the offset at which it goes on. Its fields
 * belong to {@link ReadStreams}, under its lock; as an object it is also the owner of downloads.
 */
final class ReadStream {
  final ReadAhead ahead;

  /** Where the batch at {@link #nextOffset} begins. */
  Uuid segment = Uuid.ZERO_UUID;

  long nextOffset;
  long position;

  /** Up to where read-ahead was scheduled last. */
  long scheduledWindow = -1;

  int scheduledChunk = -1;
  Uuid scheduledSegment = Uuid.ZERO_UUID;

  /** Whom it reads for, as far as is known; volatile because read-ahead asks without the lock. */
  private volatile @Nullable Object client;

  ReadStream(ReadAhead ahead, long offset) {
    this.ahead = ahead;
    this.nextOffset = offset;
  }

  /** Somebody reads on here. */
  void readBy(Object newClient) {
    client = newClient;
  }

  /** Whose turns its downloads take; its own while nobody has waited here. */
  Object client() {
    Object known = client;
    return known == null ? this : known;
  }
}
