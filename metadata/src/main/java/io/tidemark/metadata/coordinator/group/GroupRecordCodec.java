package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.FieldReader;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.metadata.coordinator.group.GroupEvent.GroupErased;
import io.tidemark.metadata.coordinator.group.GroupEvent.GroupWritten;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetCommitted;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetErased;
import io.tidemark.metadata.coordinator.group.GroupEvent.OffsetPended;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Between events and records; a key's first int16 is its kind and says which codec reads it. */
final class GroupRecordCodec {
  private GroupRecordCodec() {}

  static CoordinatorRecord encode(GroupEvent event, long timestampMs) {
    return switch (event) {
      case GroupWritten(String groupId, WrittenGroup group) ->
          new CoordinatorRecord(
              GroupMetadataCodec.key(groupId), GroupMetadataCodec.value(group), timestampMs);
      case GroupErased(String groupId) ->
          new CoordinatorRecord(GroupMetadataCodec.key(groupId), null, timestampMs);
      case OffsetCommitted(String groupId, String topic, int partition, CommittedOffset offset) ->
          new CoordinatorRecord(
              OffsetCommitCodec.key(groupId, topic, partition),
              OffsetCommitCodec.value(offset),
              timestampMs);
      case OffsetErased(String groupId, String topic, int partition) ->
          new CoordinatorRecord(
              OffsetCommitCodec.key(groupId, topic, partition), null, timestampMs);
      case OffsetPended(
              TransactionalProducer producer,
              String groupId,
              String topic,
              int partition,
              CommittedOffset offset) ->
          new CoordinatorRecord(
              OffsetCommitCodec.key(groupId, topic, partition),
              OffsetCommitCodec.value(offset),
              timestampMs,
              producer);
    };
  }

  /** The kind a record's key names; −1 when it has none. */
  static int kindOf(CoordinatorRecord record) {
    ByteBuffer key = record.key();
    return key.remaining() < Short.BYTES ? -1 : key.getShort(key.position());
  }

  /**
   * The event of a record, or null when its kind is not one of these: newer releases write more,
   * and Kafka passes over those it does not know.
   *
   * @throws IllegalArgumentException when a record of a known kind cannot be read
   */
  static @Nullable GroupEvent decode(CoordinatorRecord record) {
    int kind = kindOf(record);
    try {
      return switch (kind) {
        case OffsetCommitCodec.OLD_KEY_KIND, OffsetCommitCodec.KEY_KIND -> offsetEvent(record);
        case GroupMetadataCodec.KEY_KIND -> groupEvent(record);
        default -> null;
      };
    } catch (BufferUnderflowException torn) {
      throw new IllegalArgumentException("a record of kind " + kind + " ends early", torn);
    }
  }

  private static GroupEvent offsetEvent(CoordinatorRecord record) {
    FieldReader key = new FieldReader(record.key());
    key.int16();
    String groupId = key.string();
    String topic = key.string();
    int partition = key.int32();
    ByteBuffer value = record.value();
    if (value == null) {
      return new OffsetErased(groupId, topic, partition);
    }
    CommittedOffset offset = OffsetCommitCodec.value(value);
    TransactionalProducer producer = record.producer();
    return producer == null
        ? new OffsetCommitted(groupId, topic, partition, offset)
        : new OffsetPended(producer, groupId, topic, partition, offset);
  }

  private static GroupEvent groupEvent(CoordinatorRecord record) {
    FieldReader key = new FieldReader(record.key());
    key.int16();
    String groupId = key.string();
    ByteBuffer value = record.value();
    return value == null
        ? new GroupErased(groupId)
        : new GroupWritten(groupId, GroupMetadataCodec.value(value));
  }
}
