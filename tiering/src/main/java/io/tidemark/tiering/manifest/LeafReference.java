package io.tidemark.tiering.manifest;

import org.apache.kafka.common.Uuid;

/**
 * A root's reference to a sealed leaf: an immutable object that lists {@code count} segments with
 * offsets {@code [baseOffset, nextOffset)}. The first {@code dropped} of them are no longer part of
 * the manifest.
 *
 * @param liveBytes sum of object sizes of the segments that are left
 */
public record LeafReference(
    Uuid uuid,
    long baseOffset,
    long nextOffset,
    int count,
    int dropped,
    long liveBytes,
    long maxTimestampMs,
    int sizeBytes,
    int crc32c) {
  public boolean contains(long offset) {
    return baseOffset <= offset && offset < nextOffset;
  }
}
