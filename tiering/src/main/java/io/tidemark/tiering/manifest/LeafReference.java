package io.tidemark.tiering.manifest;

import io.tidemark.tiering.store.Crc32c;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * A root's reference to a sealed leaf: an immutable object that lists {@code count} segments. The
 * first {@code dropped} of them are no longer part of the manifest.
 *
 * @param baseOffset first offset that the leaf lists; part of its key
 * @param firstOffset first offset that is still part of the manifest
 * @param liveBytes sum of object sizes of the segments that are left
 * @param maxTimestampMs largest record timestamp of all that the leaf lists
 */
public record LeafReference(
    Uuid uuid,
    long baseOffset,
    long firstOffset,
    long nextOffset,
    int count,
    int dropped,
    long liveBytes,
    long maxTimestampMs,
    int sizeBytes,
    int crc32c) {
  public boolean contains(long offset) {
    return firstOffset <= offset && offset < nextOffset;
  }

  static LeafReference to(ManifestLeaf leaf, byte[] encoded) {
    List<RemoteSegment> segments = leaf.segments();
    return new LeafReference(
        leaf.uuid(),
        leaf.baseOffset(),
        leaf.baseOffset(),
        segments.getLast().nextOffset(),
        segments.size(),
        0,
        bytesOf(segments),
        segments.stream().mapToLong(RemoteSegment::maxTimestampMs).max().orElse(-1),
        encoded.length,
        Crc32c.of(ByteBuffer.wrap(encoded)));
  }

  /** Without its first live segments. */
  LeafReference withoutFirst(List<RemoteSegment> gone) {
    return new LeafReference(
        uuid,
        baseOffset,
        gone.isEmpty() ? firstOffset : gone.getLast().nextOffset(),
        nextOffset,
        count,
        dropped + gone.size(),
        liveBytes - bytesOf(gone),
        maxTimestampMs,
        sizeBytes,
        crc32c);
  }

  private static long bytesOf(List<RemoteSegment> segments) {
    return segments.stream().mapToLong(RemoteSegment::objectBytes).sum();
  }
}
