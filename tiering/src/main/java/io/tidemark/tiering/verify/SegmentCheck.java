package io.tidemark.tiering.verify;

import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.BatchStream;
import io.tidemark.tiering.segment.SegmentPart.Kind;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.kafka.common.errors.CorruptRecordException;

/**
 * Reads one segment object as a whole and compares it with what its manifest says: size, footer and
 * the checksum of every part, every batch's CRC and offsets, the checksum of all records. Blocks;
 * one thread; memory for one piece of it.
 */
final class SegmentCheck {
  private static final int PIECE_BYTES = 4 << 20;

  private final ObjectStore store;
  private final VerifyTally tally;
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);

  SegmentCheck(ObjectStore store, VerifyTally tally) {
    this.store = store;
    this.tally = tally;
  }

  /** What is wrong with the object; empty when nothing is. Absence is a NOT_FOUND exception. */
  Optional<String> check(String key, RemoteSegment segment) throws ObjectStoreException {
    Optional<ObjectInfo> info = store.head(key);
    if (info.isEmpty()) {
      throw new ObjectStoreException(ObjectStoreException.Kind.NOT_FOUND, key);
    }
    if (info.get().sizeBytes() != segment.objectBytes()) {
      return Optional.of(
          "has %d bytes instead of %d".formatted(info.get().sizeBytes(), segment.objectBytes()));
    }
    SegmentTail tail = tail(key, segment);
    if (tail.footerCrc32c() != segment.footerCrc32c()
        || tail.footer().baseOffset() != segment.baseOffset()
        || tail.footer().nextOffset() != segment.nextOffset()) {
      return Optional.of("its footer is not the one that was committed");
    }
    return records(key, segment, tail);
  }

  private SegmentTail tail(String key, RemoteSegment segment) throws ObjectStoreException {
    if (segment.tailBytes() > SegmentTail.MAX_BYTES) {
      throw new ObjectStoreException(
          ObjectStoreException.Kind.CORRUPT, "a tail of " + segment.tailBytes() + " bytes");
    }
    ByteBuffer tail = ByteBuffer.allocate(Math.toIntExact(segment.tailBytes()));
    store.read(key, segment.recordsBytes(), tail);
    tally.read(segment.tailBytes());
    return SegmentTail.decode(tail.flip(), segment.recordsBytes());
  }

  private Optional<String> records(String key, RemoteSegment segment, SegmentTail tail)
      throws ObjectStoreException {
    BatchStream batches = new BatchStream(segment.baseOffset(), segment.nextOffset());
    CRC32C crc = new CRC32C();
    try {
      for (long at = 0; at < segment.recordsBytes(); at += piece.limit()) {
        int length = (int) Math.min(PIECE_BYTES, segment.recordsBytes() - at);
        store.read(key, at, piece.clear().limit(length));
        batches.accept(piece.flip());
        crc.update(piece.duplicate());
        tally.read(length);
      }
      batches.finish();
    } catch (CorruptRecordException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    tally.records(batches.records());
    return (int) crc.getValue() == tail.footer().part(Kind.RECORDS).crc32c()
        ? Optional.empty()
        : Optional.of("CRC32C of the records does not match");
  }
}
