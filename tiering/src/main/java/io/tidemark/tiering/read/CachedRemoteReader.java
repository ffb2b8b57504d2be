package io.tidemark.tiering.read;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.index.OffsetIndexEntries;
import io.tidemark.log.partition.MemorySlice;
import io.tidemark.log.partition.TimestampedOffset;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.producer.ProducerSnapshot;
import io.tidemark.log.producer.ProducerState;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.ManifestCommits;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * Answers from memory, and brings into memory what is missing.
 *
 * <pre>
 *   tryRead ──▶ look: manifest, index, chunks in memory? ──yes──▶ batches, and read-ahead is scheduled
 *                      │ no: what is missing
 *   load ─────▶ {@link RemoteLoads}: fetch that, look again, until the first batch is there
 * </pre>
 *
 * Bytes were checked against the checksums that the segment's writer made from verified batches
 * when they came in, so every batch handed out is as it was in the log. Wants a store that retries
 * for {@code tiering.fetch.timeout.ms}: what it gives up on is an error here at once.
 */
public final class CachedRemoteReader implements RemoteReader {
  /** Answers up to this size are copied instead of holding on to whole chunks. */
  private static final int COPY_BYTES = 64 * 1024;

  private final ObjectKeys keys;
  private final RemoteReaderSettings settings;
  private final Time time;
  private final ReadMetrics metrics;
  private final ChunkCache cache;
  private final SegmentTails tails;
  private final RemoteManifests manifests;
  private final SegmentFinder finder;
  private final ReadStreams streams;
  private final ReadAheadScheduler readAhead;
  private final AbortedTransactions aborted;
  private final RemoteLoads loads;
  private final RecordSearch search;

  /**
   * A reader with nothing in memory yet.
   *
   * @param threads makes the (virtual) threads that wait for the store
   */
  public CachedRemoteReader(
      ObjectStore store,
      ManifestCache manifestCache,
      ManifestCommits commits,
      RemoteReaderSettings settings,
      Time time,
      ThreadFactory threads,
      MeterRegistry meters) {
    this.keys = manifestCache.keys();
    this.settings = settings;
    this.time = time;
    this.metrics = new ReadMetrics(meters);
    this.cache = new ChunkCache(store, settings, time, threads, metrics);
    this.tails = new SegmentTails(store, keys, settings.indexCacheBytes(), threads, metrics);
    this.manifests = new RemoteManifests(manifestCache, commits);
    this.finder = new SegmentFinder(manifestCache);
    this.streams = new ReadStreams(settings);
    this.readAhead = new ReadAheadScheduler(cache, tails, finder, keys, settings.chunkBytes());
    this.aborted = new AbortedTransactions(tails, finder);
    this.loads = new RemoteLoads(this, cache, tails, manifests, time, threads, metrics);
    this.search = new RecordSearch(cache, tails, manifestCache, settings.chunkBytes());
  }

  @Override
  public Optional<RemoteRead> tryRead(
      TopicIdPartition partition,
      ManifestPointer known,
      long offset,
      int maxBytes,
      boolean atLeastOneBatch) {
    ReadStep step = look(partition, known, offset, maxBytes, atLeastOneBatch, false);
    if (step instanceof ReadStep.NeedTail(RemoteSegment segment) && atLeastOneBatch) {
      step = firstBatch(partition, known, offset, segment);
    }
    if (step instanceof ReadStep.Ready(RemoteRead read)) {
      metrics.served(read.sizeBytes());
      return Optional.of(read);
    }
    return Optional.empty();
  }

  /**
   * What a load has brought near: the first batch, and what was aborted of it. More than that needs
   * the transactions of a later segment, which are sent for.
   */
  private ReadStep firstBatch(
      TopicIdPartition partition, ManifestPointer known, long offset, RemoteSegment missing) {
    ReadStep step = look(partition, known, offset, 1, true, false);
    if (step instanceof ReadStep.Ready) {
      tails.load(partition, missing);
    }
    return step;
  }

  @Override
  public CompletableFuture<@Nullable Void> load(
      TopicIdPartition partition, ManifestPointer known, long offset, Object client) {
    return loads.load(partition, known, offset, client);
  }

  @Override
  public CompletableFuture<RemoteRead> read(
      TopicIdPartition partition,
      ManifestPointer known,
      long offset,
      int maxBytes,
      boolean atLeastOneBatch) {
    try {
      Optional<RemoteRead> held = tryRead(partition, known, offset, maxBytes, atLeastOneBatch);
      if (held.isPresent()) {
        return CompletableFuture.completedFuture(held.get());
      }
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
    return load(partition, known, offset, partition)
        .thenCompose(done -> read(partition, known, offset, maxBytes, atLeastOneBatch));
  }

  /**
   * What memory has for a read.
   *
   * @param isPeek for somebody who will come back for it: nothing counts as read, the reader does
   *     not advance
   */
  ReadStep look(
      TopicIdPartition partition,
      ManifestPointer known,
      long offset,
      int maxBytes,
      boolean atLeastOneBatch,
      boolean isPeek) {
    Manifest manifest = manifests.covering(partition, known, offset);
    if (manifest == null) {
      return new ReadStep.NeedManifest();
    }
    return switch (finder.at(manifest, offset)) {
      case SegmentFinder.Found.Nothing() ->
          throw new OffsetOutOfRangeException("No remote segment holds offset " + offset);
      case SegmentFinder.Found.InLeaf(var leaf) -> new ReadStep.NeedLeaf(leaf);
      case SegmentFinder.Found.Segment(RemoteSegment segment) -> {
        SegmentTail tail = tails.ifHeld(segment);
        if (tail == null) {
          yield new ReadStep.NeedTail(segment);
        }
        ReadWish wish =
            new ReadWish(partition, manifest, offset, maxBytes, atLeastOneBatch, isPeek);
        ReadStep step = lookIn(wish, segment, tail);
        // Nothing there: the offset lies in a hole at the segment's end.
        yield step != null
            ? step
            : look(partition, known, segment.nextOffset(), maxBytes, atLeastOneBatch, isPeek);
      }
    };
  }

  private record ReadWish(
      TopicIdPartition partition,
      Manifest manifest,
      long offset,
      int maxBytes,
      boolean atLeastOneBatch,
      boolean isPeek) {}

  private @Nullable ReadStep lookIn(ReadWish wish, RemoteSegment segment, SegmentTail tail) {
    ReadStream stream = streams.at(wish.partition, wish.offset);
    int maxBytes =
        (int) Math.min(wish.maxBytes, settings.cacheBytes() / RemoteReaderSettings.MIN_CHUNKS);
    try (SegmentView view = view(wish.partition, segment, tail, wish.isPeek)) {
      long start = startPosition(stream, segment, tail, wish.offset);
      return switch (BatchRun.find(view, start, wish.offset, maxBytes, wish.atLeastOneBatch)) {
        case BatchRun.PastEnd() -> null;
        case BatchRun.Missing(long from, long end) ->
            new ReadStep.NeedChunks(segment, from, view.missing(from, end));
        case BatchRun.Whole run -> answer(wish, view, stream, run);
      };
    }
  }

  private SegmentView view(
      TopicIdPartition partition, RemoteSegment segment, SegmentTail tail, boolean isPeek) {
    String key = segment.key(keys, partition.topicId(), partition.partition());
    return new SegmentView(cache, segment, tail, key, settings.chunkBytes(), isPeek);
  }

  private long startPosition(
      ReadStream stream, RemoteSegment segment, SegmentTail tail, long offset) {
    long known = streams.positionAt(stream, segment.uuid(), offset);
    return known >= 0 && known < segment.recordsBytes()
        ? known
        : OffsetIndexEntries.floorPosition(tail.offsetIndex(), offset - segment.baseOffset());
  }

  private ReadStep answer(ReadWish wish, SegmentView view, ReadStream stream, BatchRun.Whole run) {
    AbortedTransactions.Found found =
        aborted.between(wish.manifest, view.segment(), run.baseOffset(), run.nextOffset());
    if (found.missing() != null) {
      return new ReadStep.NeedTail(found.missing());
    }
    RemoteRead read = remoteRead(view, run, found.transactions());
    if (!wish.isPeek && read.sizeBytes() > 0) {
      advance(wish, view.segment(), stream, read, run.end());
    }
    return new ReadStep.Ready(read);
  }

  private RemoteRead remoteRead(
      SegmentView view, BatchRun.Whole run, List<AbortedTransaction> transactions) {
    int sizeBytes = (int) (run.end() - run.start());
    return new RemoteRead(
        sizeBytes <= COPY_BYTES || cache.isCrowded()
            ? copied(view, run.start(), sizeBytes)
            : shared(view, run.start(), run.end()),
        run.baseOffset(),
        run.nextOffset(),
        transactions);
  }

  private static MemorySlice copied(SegmentView view, long start, int sizeBytes) {
    ByteBuffer copy = ByteBuffer.allocate(sizeBytes);
    if (!view.copy(start, copy)) {
      throw new IllegalStateException("chunk at " + start + " was let go");
    }
    return new MemorySlice(List.of(copy.flip()), () -> {});
  }

  private MemorySlice shared(SegmentView view, long start, long end) {
    List<ByteBuffer> slices = view.slices(start, end);
    List<Chunk> held = view.handOver(start, end);
    return new MemorySlice(slices, () -> cache.release(held));
  }

  private void advance(
      ReadWish wish, RemoteSegment segment, ReadStream stream, RemoteRead read, long position) {
    ReadStreams.Window window =
        streams.advanced(
            wish.partition,
            stream,
            segment.uuid(),
            read,
            position,
            time.nanoseconds(),
            cache.latencyNs());
    scheduleReadAhead(wish.partition, wish.manifest, segment, window);
  }

  private void scheduleReadAhead(
      TopicIdPartition partition,
      Manifest manifest,
      RemoteSegment segment,
      ReadStreams.Window window) {
    if (window.windowBytes() > 0 && streams.reachesFurther(window, segment.uuid())) {
      readAhead.schedule(partition, manifest, segment, window);
    }
  }

  /** The reader at {@code offset} has to wait for bytes at {@code position}. */
  ReadStream stalled(
      TopicIdPartition partition,
      Manifest manifest,
      RemoteSegment segment,
      long offset,
      long position,
      Object client) {
    ReadStream stream = streams.at(partition, offset);
    stream.readBy(client);
    scheduleReadAhead(partition, manifest, segment, streams.stalled(stream, position));
    return stream;
  }

  @Override
  public CompletableFuture<Optional<TimestampedOffset>> offsetForTimestamp(
      TopicIdPartition partition, ManifestPointer known, long timestampMs, long startOffset) {
    return loads.submit(
        partition,
        () ->
            search.offsetForTimestamp(
                partition, manifests.read(partition, known), timestampMs, startOffset));
  }

  @Override
  public CompletableFuture<Optional<TimestampedOffset>> maxTimestamp(
      TopicIdPartition partition, ManifestPointer known, long startOffset) {
    return loads.submit(
        partition,
        () -> search.maxTimestamp(partition, manifests.read(partition, known), startOffset));
  }

  @Override
  public CompletableFuture<EpochEnd> endOffsetForEpoch(
      TopicIdPartition partition, ManifestPointer known, int leaderEpoch) {
    return loads.submit(
        partition,
        () -> {
          Manifest manifest = manifests.read(partition, known);
          return EpochLineage.of(manifest.lineage())
              .endOffsetFor(leaderEpoch, manifest.tieredOffset());
        });
  }

  @Override
  public CompletableFuture<Long> decidedOffset(TopicIdPartition partition, ManifestPointer known) {
    return loads.submit(
        partition, () -> decidedOffset(partition, manifests.read(partition, known)));
  }

  /** The segment that ends at the tiered offset says which transactions were open there. */
  private long decidedOffset(TopicIdPartition partition, Manifest manifest)
      throws ObjectStoreException {
    if (manifest.segments().isEmpty()) {
      return manifest.tieredOffset();
    }
    RemoteSegment last = manifest.segments().getLast();
    List<ProducerState> producers =
        ProducerSnapshot.decode(tails.load(partition, last).join().producerSnapshot());
    if (producers == null) {
      throw new ObjectStoreException(
          ObjectStoreException.Kind.CORRUPT,
          "producers of " + partition + " at " + last.nextOffset() + " cannot be read");
    }
    return producers.stream()
        .filter(ProducerState::hasOpenTransaction)
        .mapToLong(ProducerState::currentTxnFirstOffset)
        .min()
        .orElse(manifest.tieredOffset());
  }

  @Override
  public void close() {
    cache.close();
  }
}
