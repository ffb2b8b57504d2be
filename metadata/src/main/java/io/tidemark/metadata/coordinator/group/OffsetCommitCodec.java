package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.FieldReader;
import io.tidemark.metadata.coordinator.FieldWriter;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;

/**
 * Committed offsets in Kafka's format (OffsetCommitKey, OffsetCommitValue). Integers are
 * big-endian; a string is an int16 length and UTF-8, a compact string an unsigned varint of length
 * + 1 and UTF-8.
 *
 * <pre>
 *  key    int16 kind 0 or 1 (written: 1) | string group | string topic | int32 partition
 *
 *  value  field              type            versions
 *         version            int16           all
 *         offset             int64           all
 *         leaderEpoch        int32           3+
 *         metadata           string          all, compact in 4
 *         commitTimestamp    int64           all
 *         expireTimestamp    int64           1
 *         tagged fields      count, entries  4: tag 0 = topicId, 16 bytes
 * </pre>
 *
 * Written are version 1 where the client asked for its own expiry (older clients; topic id and
 * leader epoch have no place there), version 4 where the topic id is known, 3 elsewhere.
 */
final class OffsetCommitCodec {
  static final int OLD_KEY_KIND = 0;
  static final int KEY_KIND = 1;

  private static final int TOPIC_ID_TAG = 0;
  private static final int UUID_BYTES = 16;

  private OffsetCommitCodec() {}

  static ByteBuffer key(String groupId, String topic, int partition) {
    return new FieldWriter().int16(KEY_KIND).string(groupId).string(topic).int32(partition).done();
  }

  static ByteBuffer value(CommittedOffset offset) {
    if (offset.hasOwnExpiry()) {
      return valueV1(offset);
    }
    return offset.knowsTopicId() ? valueV4(offset) : valueV3(offset);
  }

  private static ByteBuffer valueV1(CommittedOffset offset) {
    return new FieldWriter()
        .int16(1)
        .int64(offset.offset())
        .string(offset.metadata())
        .int64(offset.commitTimestampMs())
        .int64(offset.expireTimestampMs())
        .done();
  }

  private static ByteBuffer valueV3(CommittedOffset offset) {
    return new FieldWriter()
        .int16(3)
        .int64(offset.offset())
        .int32(offset.leaderEpoch())
        .string(offset.metadata())
        .int64(offset.commitTimestampMs())
        .done();
  }

  private static ByteBuffer valueV4(CommittedOffset offset) {
    return new FieldWriter()
        .int16(4)
        .int64(offset.offset())
        .int32(offset.leaderEpoch())
        .compactString(offset.metadata())
        .int64(offset.commitTimestampMs())
        .unsignedVarint(1)
        .unsignedVarint(TOPIC_ID_TAG)
        .unsignedVarint(UUID_BYTES)
        .uuid(offset.topicId())
        .done();
  }

  /** Reads a value of any version, its version field included. */
  static CommittedOffset value(ByteBuffer bytes) {
    FieldReader in = new FieldReader(bytes);
    int version = in.int16();
    if (version < 0 || version > 4) {
      throw new IllegalArgumentException("OffsetCommitValue of version " + version);
    }
    long offset = in.int64();
    int leaderEpoch = version >= 3 ? in.int32() : CommittedOffset.NO_EPOCH;
    String metadata = version >= 4 ? in.compactString() : in.string();
    long commitTimestampMs = in.int64();
    long expireTimestampMs = version == 1 ? in.int64() : CommittedOffset.NO_EXPIRY;
    Uuid topicId = version >= 4 ? taggedTopicId(in) : Uuid.ZERO_UUID;
    return new CommittedOffset(
        offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, topicId);
  }

  private static Uuid taggedTopicId(FieldReader in) {
    Uuid topicId = Uuid.ZERO_UUID;
    int fields = in.unsignedVarint();
    for (int i = 0; i < fields; i++) {
      int tag = in.unsignedVarint();
      int size = in.unsignedVarint();
      if (tag == TOPIC_ID_TAG && size == UUID_BYTES) {
        topicId = in.uuid();
      } else {
        in.skip(size);
      }
    }
    return topicId;
  }
}
