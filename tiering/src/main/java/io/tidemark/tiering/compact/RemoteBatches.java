package io.tidemark.tiering.compact;

import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.segment.BatchScanner;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * Walks the batches of a segment object, checking the CRC and place of each. Blocks on the store;
 * one thread.
 */
final class RemoteBatches {
  private final RemoteSegment segment;
  private final SegmentTail tail;
  private final BatchScanner scanner;

  private RemoteBatches(RemoteSegment segment, SegmentTail tail, BatchScanner scanner) {
    this.segment = segment;
    this.tail = tail;
    this.scanner = scanner;
    scanner.begin(0, segment.recordsBytes(), segment.baseOffset());
  }

  static RemoteBatches open(
      ObjectStore store, String key, RemoteSegment segment, LongConsumer whenRead)
      throws ObjectStoreException {
    SegmentTail tail = tail(store, key, segment, whenRead);
    RemoteFile file = new RemoteFile(store, key, segment, tail.blocks(), whenRead);
    return new RemoteBatches(segment, tail, new BatchScanner(file, false));
  }

  /** The object's checked tail, which must be the one that was committed. */
  static SegmentTail tail(
      ObjectStore store, String key, RemoteSegment segment, LongConsumer whenRead)
      throws ObjectStoreException {
    if (segment.tailBytes() > SegmentTail.MAX_BYTES) {
      throw corrupt(key, "a tail of " + segment.tailBytes() + " bytes");
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(segment.tailBytes()));
    store.read(key, segment.recordsBytes(), bytes);
    whenRead.accept(segment.tailBytes());
    SegmentTail tail = SegmentTail.decode(bytes.flip(), segment.recordsBytes());
    if (tail.footerCrc32c() != segment.footerCrc32c()) {
      throw corrupt(key, "a footer that is not the committed one");
    }
    return tail;
  }

  /** Moves to the next batch; false at the end. */
  boolean next() throws ObjectStoreException {
    try {
      if (scanner.next()) {
        return true;
      }
    } catch (RemoteFile.StoreFailure e) {
      throw e.failure();
    } catch (IOException e) {
      throw new IllegalStateException("only the store is read", e);
    }
    String reason = scanner.end().reason();
    if (reason != null) {
      throw corrupt("the segment at " + segment.baseOffset(), reason);
    }
    return false;
  }

  private static ObjectStoreException corrupt(String what, String reason) {
    return new ObjectStoreException(
        ObjectStoreException.Kind.CORRUPT, "%s has %s".formatted(what, reason));
  }

  /** Whether the batch moved to is the last. */
  boolean isAtEnd() {
    return scanner.end().position() >= segment.recordsBytes();
  }

  ByteBuffer buffer() {
    return scanner.buffer();
  }

  RecordBatchHeader header() {
    return scanner.header();
  }

  SegmentTail tail() {
    return tail;
  }
}
