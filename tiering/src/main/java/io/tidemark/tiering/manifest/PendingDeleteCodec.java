package io.tidemark.tiering.manifest;

import io.tidemark.tiering.proto.NumberedNameMessage;
import io.tidemark.tiering.proto.PendingDeleteMessage;
import io.tidemark.tiering.proto.SegmentNameMessage;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectKeys.NumberedName;
import io.tidemark.tiering.store.ObjectKeys.SegmentName;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * Pending deletes of one partition: keys of its own folders shrink to their names, any other key is
 * kept as it is. What comes out is byte for byte the key that went in, because a shrunk form is
 * used only when it leads back to it.
 */
record PendingDeleteCodec(ObjectKeys keys, Uuid topicId, int partition) {
  PendingDeleteMessage encode(PendingDelete delete) {
    PendingDeleteMessage.Builder message =
        PendingDeleteMessage.newBuilder().setMarkedAtMs(delete.markedAtMs());
    String key = delete.key();
    Optional<SegmentName> segment = ObjectKeys.segmentName(key);
    Optional<NumberedName> numbered = ObjectKeys.numberedName(key);
    if (segment.isPresent() && keys.segment(topicId, partition, segment.get()).equals(key)) {
      return message.setSegment(name(segment.get())).build();
    }
    if (numbered.isPresent() && manifest(numbered.get()).equals(key)) {
      return message.setManifest(name(numbered.get())).build();
    }
    if (numbered.isPresent() && leaf(numbered.get()).equals(key)) {
      return message.setLeaf(name(numbered.get())).build();
    }
    return message.setKey(key).build();
  }

  PendingDelete decode(PendingDeleteMessage message) {
    return new PendingDelete(key(message), message.getMarkedAtMs());
  }

  private String key(PendingDeleteMessage message) {
    return switch (message.getObjectCase()) {
      case SEGMENT -> keys.segment(topicId, partition, name(message.getSegment()));
      case MANIFEST -> manifest(name(message.getManifest()));
      case LEAF -> leaf(name(message.getLeaf()));
      case KEY -> message.getKey();
      case OBJECT_NOT_SET -> throw new IllegalArgumentException("pending delete of nothing");
    };
  }

  private String manifest(NumberedName name) {
    return keys.manifest(topicId, partition, name.number(), name.uuid());
  }

  private String leaf(NumberedName name) {
    return keys.leaf(topicId, partition, name.number(), name.uuid());
  }

  private static SegmentNameMessage name(SegmentName name) {
    return SegmentNameMessage.newBuilder()
        .setBaseOffset(name.baseOffset())
        .setLeaderEpoch(name.leaderEpoch())
        .setUuid(ManifestCodec.uuid(name.uuid()))
        .build();
  }

  private static SegmentName name(SegmentNameMessage message) {
    return new SegmentName(
        message.getBaseOffset(), message.getLeaderEpoch(), ManifestCodec.uuid(message.getUuid()));
  }

  private static NumberedNameMessage name(NumberedName name) {
    return NumberedNameMessage.newBuilder()
        .setNumber(name.number())
        .setUuid(ManifestCodec.uuid(name.uuid()))
        .build();
  }

  private static NumberedName name(NumberedNameMessage message) {
    return new NumberedName(message.getNumber(), ManifestCodec.uuid(message.getUuid()));
  }
}
