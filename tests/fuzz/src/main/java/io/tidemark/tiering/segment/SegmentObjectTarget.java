package io.tidemark.tiering.segment;

import io.tidemark.fuzz.Repair;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * The end of a segment object as the store gave it: indexes, snapshot, lineage and checksums that
 * can be used, or corrupt. The first four bytes of the input are the size of the records that the
 * manifest tells.
 */
public final class SegmentObjectTarget {
  private SegmentObjectTarget() {}

  /** The end of a small segment's object. */
  public static List<byte[]> seeds() throws IOException {
    List<EpochEntry> lineage = List.of(new EpochEntry(1, 0), new EpochEntry(4, 5_000));
    SegmentObject object =
        new SegmentObjectWriter()
            .prepare(new Uuid(1, 2), 3, BuiltSegment.random(1, 5_000, 4, 20_000, 500, 1), lineage);
    int tailBytes = (int) (object.objectBytes() - object.recordsBytes());
    ByteBuffer seed = ByteBuffer.allocate(Integer.BYTES + tailBytes);
    seed.putInt((int) object.recordsBytes());
    object.content().read(seed, object.recordsBytes());
    return List.of(seed.array());
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < Integer.BYTES + SegmentFooterCodec.TRAILER_BYTES) {
      return;
    }
    ByteBuffer all = ByteBuffer.wrap(input);
    int recordsBytes = all.getInt(0) & Integer.MAX_VALUE;
    decode(all.slice(Integer.BYTES, input.length - Integer.BYTES), recordsBytes);
    decode(ByteBuffer.wrap(repaired(input)), recordsBytes);
  }

  /** With magic, version and the checksum of whatever footer the length claims. */
  private static byte[] repaired(byte[] input) {
    byte[] tail = new byte[input.length - Integer.BYTES];
    System.arraycopy(input, Integer.BYTES, tail, 0, tail.length);
    ByteBuffer bytes = ByteBuffer.wrap(tail);
    int end = tail.length;
    int room = end - SegmentFooterCodec.TRAILER_BYTES;
    int length = room == 0 ? 0 : (bytes.getInt(end - 16) & Integer.MAX_VALUE) % (room + 1);
    bytes
        .putInt(end - 16, length)
        .putShort(end - 8, SegmentFooterCodec.VERSION)
        .putInt(end - 4, SegmentFooterCodec.MAGIC);
    Repair.crc32c(tail, end - 12, room - length, room);
    return tail;
  }

  private static void decode(ByteBuffer tail, int recordsBytes) {
    try {
      SegmentTail decoded = SegmentTail.decode(tail, recordsBytes);
      decoded.lineage();
      decoded.blocks();
      decoded.producerSnapshot();
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.CORRUPT) {
        throw new IllegalStateException(e);
      }
    }
  }
}
