package io.tidemark.tiering.read;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentFooter;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadFactory;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Indexes of remote segments, read when first needed, one download each whoever asks, bounded in
 * bytes. Safe from any thread; never blocks.
 */
final class SegmentTails {
  private final ObjectStore store;
  private final ObjectKeys keys;
  private final ThreadFactory threads;
  private final Cache<Uuid, SegmentTail> tails;
  private final ReadMetrics metrics;
  private final ConcurrentMap<Uuid, CompletableFuture<SegmentTail>> underWay =
      new ConcurrentHashMap<>();

  SegmentTails(
      ObjectStore store,
      ObjectKeys keys,
      long maxBytes,
      ThreadFactory threads,
      ReadMetrics metrics) {
    this.store = store;
    this.keys = keys;
    this.threads = threads;
    this.metrics = metrics;
    this.tails =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(maxBytes)
            .weigher((Uuid uuid, SegmentTail tail) -> tail.sizeBytes())
            .build();
    metrics.gauge(
        "tidemark.remote.indexes",
        "Remote segments whose index is held",
        tails,
        Cache::estimatedSize);
    metrics.gauge(
        "tidemark.remote.index.bytes",
        "Memory taken for indexes of remote segments",
        tails,
        held -> held.policy().eviction().orElseThrow().weightedSize().orElse(0));
  }

  @Nullable SegmentTail ifHeld(RemoteSegment segment) {
    SegmentTail held = tails.getIfPresent(segment.uuid());
    if (held != null) {
      metrics.foundIndex();
    }
    return held;
  }

  CompletableFuture<SegmentTail> load(TopicIdPartition partition, RemoteSegment segment) {
    SegmentTail held = ifHeld(segment);
    if (held != null) {
      return CompletableFuture.completedFuture(held);
    }
    CompletableFuture<SegmentTail> mine = new CompletableFuture<>();
    CompletableFuture<SegmentTail> theirs = underWay.putIfAbsent(segment.uuid(), mine);
    if (theirs != null) {
      return theirs;
    }
    metrics.missedIndex();
    threads.newThread(() -> run(partition, segment, mine)).start();
    return mine;
  }

  private void run(
      TopicIdPartition partition, RemoteSegment segment, CompletableFuture<SegmentTail> result) {
    try {
      SegmentTail tail = read(partition, segment);
      tails.put(segment.uuid(), tail);
      underWay.remove(segment.uuid());
      result.complete(tail);
    } catch (Throwable e) {
      // Also an Error: waiting readers must hear of it.
      underWay.remove(segment.uuid());
      result.completeExceptionally(e);
    }
  }

  private SegmentTail read(TopicIdPartition partition, RemoteSegment segment)
      throws ObjectStoreException {
    String key = segment.key(keys, partition.topicId(), partition.partition());
    if (segment.tailBytes() > SegmentTail.MAX_BYTES) {
      throw new ObjectStoreException(Kind.CORRUPT, key + " has a tail of " + segment.tailBytes());
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) segment.tailBytes());
    try {
      return read(partition, segment, key, bytes);
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.CORRUPT) {
        throw e;
      }
      // Once more: bits may have flipped on the way.
      return read(partition, segment, key, bytes.clear());
    }
  }

  private SegmentTail read(
      TopicIdPartition partition, RemoteSegment segment, String key, ByteBuffer bytes)
      throws ObjectStoreException {
    store.read(key, segment.recordsBytes(), bytes);
    SegmentTail tail = SegmentTail.decode(bytes.flip(), segment.recordsBytes());
    SegmentFooter footer = tail.footer();
    boolean isExpected =
        tail.footerCrc32c() == segment.footerCrc32c()
            && footer.topicId().equals(partition.topicId())
            && footer.partition() == partition.partition()
            && footer.baseOffset() == segment.baseOffset()
            && footer.nextOffset() == segment.nextOffset();
    if (!isExpected) {
      throw new ObjectStoreException(Kind.CORRUPT, key + " is not what the manifest says");
    }
    return tail;
  }
}
