package io.tidemark.tiering.manifest;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.tiering.proto.EpochMessage;
import io.tidemark.tiering.proto.LeafMessage;
import io.tidemark.tiering.proto.LeafReferenceMessage;
import io.tidemark.tiering.proto.ManifestMessage;
import io.tidemark.tiering.proto.PointerMessage;
import io.tidemark.tiering.proto.SegmentMessage;
import io.tidemark.tiering.proto.UuidMessage;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * Manifests and leaves as bytes: the protobuf messages of {@code tidemark/manifest.proto}, nothing
 * around them (size and CRC32C stand in whatever points to them).
 *
 * <pre>
 *   ManifestMessage                         LeafMessage
 *     format = 1                              format = 1
 *     topic id, partition, version, uuid      topic id, partition, uuid
 *     parent pointer, leader epoch            segments (512)
 *     tiered offset, compacted to
 *     leaves          about 60 bytes each
 *     segments        about 55 bytes each, at most 512
 *     lineage         about 12 bytes each
 *     pending deletes about 35 bytes each, at most 512
 * </pre>
 *
 * A segment's base offset is stored relative to the end of the one before it. Decoding trusts
 * nothing: whatever is not a manifest of the expected partition is {@code CORRUPT}.
 */
final class ManifestCodec {
  static final int FORMAT = 1;

  private final ObjectKeys keys;

  ManifestCodec(ObjectKeys keys) {
    this.keys = keys;
  }

  byte[] encode(Manifest manifest) {
    PendingDeleteCodec pending =
        new PendingDeleteCodec(keys, manifest.topicId(), manifest.partition());
    ManifestMessage.Builder message =
        ManifestMessage.newBuilder()
            .setFormat(FORMAT)
            .setTopicId(uuid(manifest.topicId()))
            .setPartition(manifest.partition())
            .setVersion(manifest.version())
            .setUuid(uuid(manifest.uuid()))
            .setLeaderEpoch(manifest.leaderEpoch())
            .setTieredOffset(manifest.tieredOffset())
            .setCompactedTo(manifest.compactedTo())
            .addAllSegments(encodeSegments(manifest.segments()));
    if (manifest.parent() != null) {
      message.setParent(pointer(manifest.parent()));
    }
    manifest.leaves().forEach(leaf -> message.addLeaves(reference(leaf)));
    manifest.lineage().forEach(entry -> message.addLineage(epoch(entry)));
    manifest.pendingDeletes().forEach(delete -> message.addPendingDeletes(pending.encode(delete)));
    return message.build().toByteArray();
  }

  Manifest decode(Uuid topicId, int partition, ByteBuffer bytes) throws ObjectStoreException {
    try {
      ManifestMessage message = ManifestMessage.parseFrom(bytes);
      Corruption.unless(message.getFormat() == FORMAT, "manifest format", message.getFormat());
      Corruption.unless(
          uuid(message.getTopicId()).equals(topicId) && message.getPartition() == partition,
          "manifest of another partition",
          message.getPartition());
      PendingDeleteCodec pending = new PendingDeleteCodec(keys, topicId, partition);
      Manifest manifest =
          new Manifest(
              topicId,
              partition,
              message.getVersion(),
              uuid(message.getUuid()),
              message.hasParent() ? pointer(message.getParent()) : null,
              message.getLeaderEpoch(),
              message.getTieredOffset(),
              message.getCompactedTo(),
              message.getLeavesList().stream().map(ManifestCodec::reference).toList(),
              decodeSegments(message.getSegmentsList()),
              message.getLineageList().stream().map(ManifestCodec::epoch).toList(),
              message.getPendingDeletesList().stream().map(pending::decode).toList());
      checkOrder(manifest);
      return manifest;
    } catch (InvalidProtocolBufferException | IllegalArgumentException | ArithmeticException e) {
      throw Corruption.of("manifest", e);
    }
  }

  byte[] encodeLeaf(Uuid topicId, int partition, ManifestLeaf leaf) {
    return LeafMessage.newBuilder()
        .setFormat(FORMAT)
        .setTopicId(uuid(topicId))
        .setPartition(partition)
        .setUuid(uuid(leaf.uuid()))
        .addAllSegments(encodeSegments(leaf.segments()))
        .build()
        .toByteArray();
  }

  ManifestLeaf decodeLeaf(Uuid topicId, int partition, ByteBuffer bytes)
      throws ObjectStoreException {
    try {
      LeafMessage message = LeafMessage.parseFrom(bytes);
      Corruption.unless(message.getFormat() == FORMAT, "leaf format", message.getFormat());
      Corruption.unless(
          uuid(message.getTopicId()).equals(topicId) && message.getPartition() == partition,
          "leaf of another partition",
          message.getPartition());
      Corruption.unless(message.getSegmentsCount() > 0, "empty leaf", 0);
      return new ManifestLeaf(uuid(message.getUuid()), decodeSegments(message.getSegmentsList()));
    } catch (InvalidProtocolBufferException | IllegalArgumentException | ArithmeticException e) {
      throw Corruption.of("leaf", e);
    }
  }

  private static void checkOrder(Manifest manifest) throws ObjectStoreException {
    long end = 0;
    for (LeafReference leaf : manifest.leaves()) {
      boolean isSound =
          leaf.firstOffset() >= end
              && leaf.baseOffset() >= 0
              && leaf.baseOffset() <= leaf.firstOffset()
              && leaf.nextOffset() > leaf.firstOffset()
              && leaf.dropped() >= 0
              && leaf.dropped() < leaf.count()
              && leaf.sizeBytes() > 0;
      Corruption.unless(isSound, "leaf reference at", leaf.baseOffset());
      end = leaf.nextOffset();
    }
    for (RemoteSegment segment : manifest.segments()) {
      Corruption.unless(segment.baseOffset() >= end, "segment at", segment.baseOffset());
      end = segment.nextOffset();
    }
    Corruption.unless(end <= manifest.tieredOffset(), "tiered offset", manifest.tieredOffset());
    Corruption.unless(
        manifest.compactedTo() >= 0 && manifest.compactedTo() <= manifest.tieredOffset(),
        "compacted to",
        manifest.compactedTo());
  }

  private static List<SegmentMessage> encodeSegments(List<RemoteSegment> segments) {
    List<SegmentMessage> messages = new ArrayList<>(segments.size());
    long end = 0;
    for (RemoteSegment segment : segments) {
      messages.add(
          SegmentMessage.newBuilder()
              .setBaseOffsetDelta(segment.baseOffset() - end)
              .setOffsetCount(segment.nextOffset() - segment.baseOffset())
              .setLeaderEpoch(segment.leaderEpoch())
              .setUuid(uuid(segment.uuid()))
              .setRecordsBytes(segment.recordsBytes())
              .setTailBytes(segment.tailBytes())
              .setFooterCrc32C(segment.footerCrc32c())
              .setMaxTimestampMs(segment.maxTimestampMs())
              .setHasAbortedTransactions(segment.hasAbortedTransactions())
              .setUploadedAtMs(segment.uploadedAtMs())
              .build());
      end = segment.nextOffset();
    }
    return messages;
  }

  private static List<RemoteSegment> decodeSegments(List<SegmentMessage> messages)
      throws ObjectStoreException {
    List<RemoteSegment> segments = new ArrayList<>(messages.size());
    long end = 0;
    for (SegmentMessage message : messages) {
      Corruption.unless(message.getBaseOffsetDelta() >= 0, "segment after", end);
      long base = Math.addExact(end, message.getBaseOffsetDelta());
      end = Math.addExact(base, message.getOffsetCount());
      segments.add(
          new RemoteSegment(
              base,
              end,
              message.getLeaderEpoch(),
              uuid(message.getUuid()),
              message.getRecordsBytes(),
              Math.addExact(message.getRecordsBytes(), message.getTailBytes()),
              message.getFooterCrc32C(),
              message.getMaxTimestampMs(),
              message.getHasAbortedTransactions(),
              message.getUploadedAtMs()));
    }
    return segments;
  }

  private static LeafReferenceMessage reference(LeafReference leaf) {
    return LeafReferenceMessage.newBuilder()
        .setUuid(uuid(leaf.uuid()))
        .setBaseOffset(leaf.baseOffset())
        .setFirstOffset(leaf.firstOffset())
        .setNextOffset(leaf.nextOffset())
        .setCount(leaf.count())
        .setDropped(leaf.dropped())
        .setLiveBytes(leaf.liveBytes())
        .setMaxTimestampMs(leaf.maxTimestampMs())
        .setSizeBytes(leaf.sizeBytes())
        .setCrc32C(leaf.crc32c())
        .build();
  }

  private static LeafReference reference(LeafReferenceMessage message) {
    return new LeafReference(
        uuid(message.getUuid()),
        message.getBaseOffset(),
        message.getFirstOffset(),
        message.getNextOffset(),
        message.getCount(),
        message.getDropped(),
        message.getLiveBytes(),
        message.getMaxTimestampMs(),
        message.getSizeBytes(),
        message.getCrc32C());
  }

  private static PointerMessage pointer(ManifestPointer pointer) {
    return PointerMessage.newBuilder()
        .setVersion(pointer.version())
        .setUuid(uuid(pointer.uuid()))
        .setTieredOffset(pointer.tieredOffset())
        .setSizeBytes(pointer.sizeBytes())
        .setCrc32C(pointer.crc32c())
        .build();
  }

  private static ManifestPointer pointer(PointerMessage message) {
    return new ManifestPointer(
        message.getVersion(),
        uuid(message.getUuid()),
        message.getTieredOffset(),
        message.getSizeBytes(),
        message.getCrc32C());
  }

  private static EpochMessage epoch(EpochEntry entry) {
    return EpochMessage.newBuilder()
        .setEpoch(entry.epoch())
        .setStartOffset(entry.startOffset())
        .build();
  }

  private static EpochEntry epoch(EpochMessage message) {
    return new EpochEntry(message.getEpoch(), message.getStartOffset());
  }

  static UuidMessage uuid(Uuid uuid) {
    return UuidMessage.newBuilder()
        .setMost(uuid.getMostSignificantBits())
        .setLeast(uuid.getLeastSignificantBits())
        .build();
  }

  static Uuid uuid(UuidMessage message) {
    return new Uuid(message.getMost(), message.getLeast());
  }
}
