package io.tidemark.tiering.read;

import io.tidemark.log.index.OffsetIndexEntries;
import io.tidemark.log.index.TimeIndexEntries;
import io.tidemark.log.partition.TimestampedOffset;
import io.tidemark.log.record.LogRecord;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.Records;
import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Looks for records by their time. Manifests say which segments can have one, time indexes where to
 * begin in them. Blocks; on threads that may.
 */
final class RecordSearch {
  private final ChunkCache cache;
  private final SegmentTails tails;
  private final ManifestCache manifests;
  private final int chunkBytes;

  RecordSearch(ChunkCache cache, SegmentTails tails, ManifestCache manifests, int chunkBytes) {
    this.cache = cache;
    this.tails = tails;
    this.manifests = manifests;
    this.chunkBytes = chunkBytes;
  }

  /**
   * The first record at or after {@code startOffset} that is not older than {@code timestampMs}.
   */
  Optional<TimestampedOffset> offsetForTimestamp(
      TopicIdPartition partition, Manifest manifest, long timestampMs, long startOffset)
      throws ObjectStoreException {
    for (RemoteSegment segment : segments(partition, manifest, timestampMs, startOffset)) {
      SegmentTail tail = tails.load(partition, segment).join();
      int floor = TimeIndexEntries.floorOffset(tail.timeIndex(), timestampMs);
      long from = Math.max(segment.baseOffset() + floor, startOffset);
      Optional<TimestampedOffset> found =
          first(
              partition,
              segment,
              tail,
              from,
              batch -> batch.maxTimestamp() >= timestampMs,
              record -> record.offset() >= startOffset && record.timestampMs() >= timestampMs);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The first of the records with the largest timestamp at or after {@code startOffset}. */
  Optional<TimestampedOffset> maxTimestamp(
      TopicIdPartition partition, Manifest manifest, long startOffset) throws ObjectStoreException {
    long largest = RecordBatchHeader.NO_TIMESTAMP;
    RemoteSegment holder = null;
    for (RemoteSegment segment :
        segments(partition, manifest, RecordBatchHeader.NO_TIMESTAMP, startOffset)) {
      long timestampMs = maxTimestampMs(partition, segment, startOffset);
      if (timestampMs > largest) {
        largest = timestampMs;
        holder = segment;
      }
    }
    return holder == null
        ? Optional.empty()
        : offsetForTimestamp(
            partition, manifest, largest, Math.max(startOffset, holder.baseOffset()));
  }

  /** Of the whole segment, unless a part of it lies below the start. */
  private long maxTimestampMs(TopicIdPartition partition, RemoteSegment segment, long startOffset) {
    if (segment.baseOffset() >= startOffset) {
      return segment.maxTimestampMs();
    }
    long[] largest = {RecordBatchHeader.NO_TIMESTAMP};
    SegmentTail tail = tails.load(partition, segment).join();
    Optional<TimestampedOffset> none =
        first(
            partition,
            segment,
            tail,
            startOffset,
            batch -> batch.maxTimestamp() > largest[0],
            record -> {
              if (record.offset() >= startOffset) {
                largest[0] = Math.max(largest[0], record.timestampMs());
              }
              return false;
            });
    assert none.isEmpty();
    return largest[0];
  }

  /** Those that reach above {@code startOffset} and have a record at or after the time. */
  private List<RemoteSegment> segments(
      TopicIdPartition partition, Manifest manifest, long timestampMs, long startOffset)
      throws ObjectStoreException {
    List<RemoteSegment> segments = new ArrayList<>();
    for (LeafReference leaf : manifest.leaves()) {
      if (leaf.nextOffset() > startOffset && leaf.maxTimestampMs() >= timestampMs) {
        segments.addAll(SegmentFinder.live(leaf, manifests.leaf(partition, leaf)));
      }
    }
    segments.addAll(manifest.segments());
    return segments.stream()
        .filter(segment -> segment.nextOffset() > startOffset)
        .filter(segment -> segment.maxTimestampMs() >= timestampMs)
        .toList();
  }

  /** The first record that passes, of the batches that pass, from that of {@code offset} on. */
  private Optional<TimestampedOffset> first(
      TopicIdPartition partition,
      RemoteSegment segment,
      SegmentTail tail,
      long offset,
      Predicate<RecordBatchHeader> batches,
      Predicate<LogRecord> records) {
    String key = segment.key(manifests.keys(), partition.topicId(), partition.partition());
    long position =
        OffsetIndexEntries.floorPosition(tail.offsetIndex(), offset - segment.baseOffset());
    while (position < segment.recordsBytes()) {
      // A view of each batch's own: nothing is held while the next one is waited for.
      ByteBuffer batch = null;
      int sizeBytes;
      try (SegmentView view = new SegmentView(cache, segment, tail, key, chunkBytes, false)) {
        RecordBatchHeader header = header(view, position);
        sizeBytes = header.sizeBytes();
        if (header.lastOffset() >= offset && batches.test(header)) {
          batch = bytes(view, position, sizeBytes);
        }
      }
      TimestampedOffset found = batch == null ? null : first(batch, records);
      if (found != null) {
        return Optional.of(found);
      }
      position += sizeBytes;
    }
    return Optional.empty();
  }

  private static @Nullable TimestampedOffset first(ByteBuffer batch, Predicate<LogRecord> records) {
    AtomicReference<@Nullable TimestampedOffset> found = new AtomicReference<>();
    Records.visit(
        batch,
        (header, record) -> {
          if (header.isControl() || !records.test(record)) {
            return true;
          }
          found.set(
              new TimestampedOffset(record.offset(), record.timestampMs(), header.leaderEpoch()));
          return false;
        });
    return found.get();
  }

  private RecordBatchHeader header(SegmentView view, long position) {
    RecordBatchHeader header = view.headerAt(position);
    while (header == null) {
      fetch(view, position, position + RecordBatchHeader.SIZE_BYTES);
      header = view.headerAt(position);
    }
    return header;
  }

  private ByteBuffer bytes(SegmentView view, long position, int sizeBytes) {
    ByteBuffer bytes = ByteBuffer.allocate(sizeBytes);
    while (!view.copy(position, bytes.clear())) {
      fetch(view, position, position + sizeBytes);
    }
    return bytes.flip();
  }

  private void fetch(SegmentView view, long start, long end) {
    view.missing(start, end).stream()
        .map(request -> cache.demand(request, view))
        .toList()
        .forEach(download -> download.join());
  }
}
