package io.tidemark.tiering.segment;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.tiering.proto.FooterMessage;
import io.tidemark.tiering.proto.PartKind;
import io.tidemark.tiering.proto.PartMessage;
import io.tidemark.tiering.store.Crc32c;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * The end of a segment object. Numbers of the trailer are big-endian.
 *
 * <pre>
 *   0                    records: batches byte for byte as in the log
 *   …                    offset index          8 bytes an entry, as in the log
 *   …                    time index           12 bytes an entry, as in the log
 *   …                    transaction index    32 bytes an entry, as in the log
 *   …                    producer snapshot    as in the log
 *   …                    epoch lineage        int32 epoch, int64 start offset; an entry each
 *   …                    block checksums      uint32 CRC32C of every 64 KiB of records, the last shorter
 *   size - 16 - length   footer               FooterMessage (tidemark/segment.proto)
 *   size - 16  int32     length of the footer
 *   size - 12  int32     CRC32C of the footer
 *   size -  8  int16     format version, 1
 *   size -  6  int16     0
 *   size -  4  int32     magic "TMSG"
 * </pre>
 */
final class SegmentFooterCodec {
  static final int TRAILER_BYTES = 16;
  static final int MAGIC = 0x544D5347;
  static final short VERSION = 1;

  private SegmentFooterCodec() {}

  /** Footer and trailer. */
  static ByteBuffer encode(SegmentFooter footer) {
    byte[] message = message(footer).toByteArray();
    return ByteBuffer.allocate(message.length + TRAILER_BYTES)
        .put(message)
        .putInt(message.length)
        .putInt(Crc32c.of(ByteBuffer.wrap(message)))
        .putShort(VERSION)
        .putShort((short) 0)
        .putInt(MAGIC)
        .flip();
  }

  /** The footer's CRC32C out of what {@link #encode} made. */
  static int crc32c(ByteBuffer encoded) {
    return encoded.getInt(encoded.limit() - 12);
  }

  /** The footer at the end of {@code tail}, which is at the end of an object. */
  static SegmentFooter decode(ByteBuffer tail) throws ObjectStoreException {
    int end = tail.limit();
    check(end >= TRAILER_BYTES && tail.getInt(end - 4) == MAGIC, "no magic at the end");
    check(tail.getShort(end - 8) == VERSION, "format version " + tail.getShort(end - 8));
    int length = tail.getInt(end - 16);
    check(length > 0 && length <= end - TRAILER_BYTES, "footer of " + length + " bytes");
    ByteBuffer message = tail.slice(end - TRAILER_BYTES - length, length);
    check(Crc32c.of(message) == crc32c(tail), "CRC32C of the footer");
    try {
      return footer(FooterMessage.parseFrom(message));
    } catch (InvalidProtocolBufferException e) {
      throw new ObjectStoreException(Kind.CORRUPT, "segment footer: " + e.getMessage(), e);
    }
  }

  private static FooterMessage message(SegmentFooter footer) {
    FooterMessage.Builder message =
        FooterMessage.newBuilder()
            .setTopicId(bytes(footer.topicId()))
            .setPartition(footer.partition())
            .setBaseOffset(footer.baseOffset())
            .setNextOffset(footer.nextOffset())
            .setMaxTimestampMs(footer.maxTimestampMs())
            .setBlockBytes(footer.blockBytes());
    for (SegmentPart part : footer.parts()) {
      message.addParts(
          PartMessage.newBuilder()
              .setKind(PartKind.forNumber(part.kind().number()))
              .setPosition(part.position())
              .setSizeBytes(part.sizeBytes())
              .setCrc32C(part.crc32c()));
    }
    return message.build();
  }

  private static SegmentFooter footer(FooterMessage message) throws ObjectStoreException {
    check(message.getTopicId().size() == 2 * Long.BYTES, "topic id");
    check(
        message.getBaseOffset() >= 0 && message.getNextOffset() > message.getBaseOffset(),
        "offsets from " + message.getBaseOffset());
    check(message.getBlockBytes() > 0, "block size " + message.getBlockBytes());
    ByteBuffer topicId = message.getTopicId().asReadOnlyByteBuffer();
    return new SegmentFooter(
        new Uuid(topicId.getLong(0), topicId.getLong(Long.BYTES)),
        message.getPartition(),
        message.getBaseOffset(),
        message.getNextOffset(),
        message.getMaxTimestampMs(),
        message.getBlockBytes(),
        parts(message.getPartsList()));
  }

  private static List<SegmentPart> parts(List<PartMessage> messages) throws ObjectStoreException {
    SegmentPart.Kind[] kinds = SegmentPart.Kind.values();
    check(messages.size() == kinds.length, messages.size() + " parts");
    List<SegmentPart> parts = new ArrayList<>();
    long end = 0;
    for (int i = 0; i < kinds.length; i++) {
      PartMessage message = messages.get(i);
      boolean isNext =
          message.getKindValue() == kinds[i].number()
              && message.getPosition() == end
              && message.getSizeBytes() >= 0
              && message.getSizeBytes() <= Integer.MAX_VALUE;
      check(isNext, "part " + message.getKindValue() + " at " + message.getPosition());
      parts.add(
          new SegmentPart(
              kinds[i], message.getPosition(), message.getSizeBytes(), message.getCrc32C()));
      end += message.getSizeBytes();
    }
    return parts;
  }

  private static ByteString bytes(Uuid uuid) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES);
    bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    return ByteString.copyFrom(bytes.flip());
  }

  static void check(boolean isSound, String what) throws ObjectStoreException {
    if (!isSound) {
      throw new ObjectStoreException(Kind.CORRUPT, "segment object: " + what);
    }
  }
}
