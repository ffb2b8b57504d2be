package io.tidemark.tiering.read;

import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.ObjectKeys;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Turns a reader's window into requests for chunks, across the borders of segments: the indexes of
 * the segments ahead are fetched side by side, and each one's chunks as soon as its index is there.
 * Never blocks.
 */
final class ReadAheadScheduler {
  /** Segments that one window may span; smaller ones are not worth more requests at once. */
  private static final int MAX_SEGMENTS = 16;

  private final ChunkCache cache;
  private final SegmentTails tails;
  private final SegmentFinder finder;
  private final ObjectKeys keys;
  private final int chunkBytes;

  ReadAheadScheduler(
      ChunkCache cache, SegmentTails tails, SegmentFinder finder, ObjectKeys keys, int chunkBytes) {
    this.cache = cache;
    this.tails = tails;
    this.finder = finder;
    this.keys = keys;
    this.chunkBytes = chunkBytes;
  }

  void schedule(
      TopicIdPartition partition,
      Manifest manifest,
      RemoteSegment from,
      ReadStreams.Window window) {
    long left = window.windowBytes();
    long position = window.position();
    RemoteSegment segment = from;
    for (int i = 0; i < MAX_SEGMENTS && left > 0 && segment != null; i++) {
      long end = Math.min(segment.recordsBytes(), position + left);
      scheduleIn(partition, segment, position, end, window.stream());
      left -= Math.max(0, segment.recordsBytes() - position);
      position = 0;
      segment = next(manifest, segment);
    }
  }

  private @Nullable RemoteSegment next(Manifest manifest, RemoteSegment segment) {
    return segment.nextOffset() < manifest.tieredOffset()
        ? finder.ifHeld(manifest, segment.nextOffset())
        : null;
  }

  private void scheduleIn(
      TopicIdPartition partition, RemoteSegment segment, long start, long end, ReadStream reader) {
    if (start >= end) {
      return;
    }
    SegmentTail held = tails.ifHeld(segment);
    if (held != null) {
      request(partition, segment, held, start, end, reader);
      return;
    }
    tails
        .load(partition, segment)
        .thenAccept(tail -> request(partition, segment, tail, start, end, reader));
  }

  private void request(
      TopicIdPartition partition,
      RemoteSegment segment,
      SegmentTail tail,
      long start,
      long end,
      ReadStream reader) {
    String key = segment.key(keys, partition.topicId(), partition.partition());
    try (SegmentView view = new SegmentView(cache, segment, tail, key, chunkBytes, true)) {
      for (int index = view.chunkAt(start); index <= view.chunkAt(end - 1); index++) {
        cache.readAhead(view.request(index), reader, reader.client());
      }
    }
  }
}
