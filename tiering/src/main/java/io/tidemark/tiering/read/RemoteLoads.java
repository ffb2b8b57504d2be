package io.tidemark.tiering.read;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.store.ObjectStoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadFactory;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * Brings what a read needs into memory, on a thread of its own each, in straight steps: look, fetch
 * what is missing, look again. One load per offset at a time, whoever asks; it goes on when nobody
 * waits any more, and a failure that nobody waited for is told to the next who asks.
 */
final class RemoteLoads {
  /** Memory so short that what was fetched is gone before it is seen: give up some time. */
  private static final int MAX_STEPS = 1_000;

  private static final Duration FAILURE_KEPT = Duration.ofSeconds(10);
  private static final int FAILURES_KEPT = 10_000;

  private final CachedRemoteReader reader;
  private final ChunkCache cache;
  private final SegmentTails tails;
  private final RemoteManifests manifests;
  private final Time time;
  private final ThreadFactory threads;
  private final ReadMetrics metrics;
  private final ConcurrentMap<Place, CompletableFuture<@Nullable Void>> underWay =
      new ConcurrentHashMap<>();
  private final Cache<Place, ApiException> untold;

  private record Place(Uuid topicId, int partition, long offset) {}

  /** Work that waits for the store. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws ObjectStoreException;
  }

  RemoteLoads(
      CachedRemoteReader reader,
      ChunkCache cache,
      SegmentTails tails,
      RemoteManifests manifests,
      Time time,
      ThreadFactory threads,
      ReadMetrics metrics) {
    this.reader = reader;
    this.cache = cache;
    this.tails = tails;
    this.manifests = manifests;
    this.time = time;
    this.threads = threads;
    this.metrics = metrics;
    this.untold =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .ticker(time::nanoseconds)
            .maximumSize(FAILURES_KEPT)
            .expireAfterWrite(FAILURE_KEPT)
            .build();
  }

  CompletableFuture<@Nullable Void> load(
      TopicIdPartition partition, ManifestPointer known, long offset, Object client) {
    Place place = new Place(partition.topicId(), partition.partition(), offset);
    ApiException failure = untold.asMap().remove(place);
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
    CompletableFuture<@Nullable Void> theirs = underWay.putIfAbsent(place, mine);
    if (theirs != null) {
      return theirs;
    }
    threads.newThread(() -> run(partition, known, place, client, mine)).start();
    return mine;
  }

  private void run(
      TopicIdPartition partition,
      ManifestPointer known,
      Place place,
      Object client,
      CompletableFuture<@Nullable Void> result) {
    long startNs = time.nanoseconds();
    try {
      bringNear(partition, known, place.offset, client);
      underWay.remove(place);
      metrics.waited(time.nanoseconds() - startNs);
      result.complete(null);
    } catch (Throwable e) {
      // Also an Error: waiting readers must hear of it.
      underWay.remove(place);
      metrics.failed();
      fail(place, result, Failures.typed(partition, e));
    }
  }

  private void fail(Place place, CompletableFuture<@Nullable Void> result, ApiException failure) {
    if (result.getNumberOfDependents() == 0) {
      untold.put(place, failure);
    }
    result.completeExceptionally(failure);
  }

  private void bringNear(
      TopicIdPartition partition, ManifestPointer known, long offset, Object client)
      throws ObjectStoreException {
    boolean wasReloaded = false;
    for (int i = 0; i < MAX_STEPS; i++) {
      ReadStep step = reader.look(partition, known, offset, 1, true, true);
      if (step instanceof ReadStep.Ready(RemoteRead read)) {
        read.release();
        return;
      }
      try {
        fetch(partition, known, offset, step, client);
      } catch (RuntimeException | ObjectStoreException e) {
        if (wasReloaded || !Failures.isNotFound(e)) {
          throw e;
        }
        wasReloaded = true;
        reload(partition, known, e);
      }
    }
    throw new IllegalStateException("no memory left for offset " + offset);
  }

  private void fetch(
      TopicIdPartition partition, ManifestPointer known, long offset, ReadStep step, Object client)
      throws ObjectStoreException {
    switch (step) {
      case ReadStep.NeedManifest() -> manifests.read(partition, known);
      case ReadStep.NeedLeaf(var leaf) -> manifests.cache().leaf(partition, leaf);
      case ReadStep.NeedTail(RemoteSegment segment) -> tails.load(partition, segment).join();
      case ReadStep.NeedChunks(RemoteSegment segment, long position, List<ChunkRequest> requests) ->
          fetchChunks(partition, segment, offset, position, requests, client);
      case ReadStep.Ready ready -> throw new IllegalStateException("nothing is missing: " + ready);
    }
  }

  private void fetchChunks(
      TopicIdPartition partition,
      RemoteSegment segment,
      long offset,
      long position,
      List<ChunkRequest> requests,
      Object client) {
    Object owner =
        manifests
            .cache()
            .newest(partition)
            .<Object>map(
                manifest -> reader.stalled(partition, manifest, segment, offset, position, client))
            .orElse(this);
    List<CompletableFuture<@Nullable Void>> downloads =
        requests.stream().map(request -> cache.demand(request, owner, client)).toList();
    downloads.forEach(CompletableFuture::join);
  }

  private void reload(TopicIdPartition partition, ManifestPointer known, Exception cause)
      throws ObjectStoreException {
    long version =
        manifests.cache().newest(partition).map(Manifest::version).orElse(known.version());
    manifests.reload(partition, version, notFound(cause));
  }

  private static ObjectStoreException notFound(Exception cause) {
    return Failures.unwrapped(cause) instanceof ObjectStoreException e
        ? e
        : new ObjectStoreException(
            ObjectStoreException.Kind.NOT_FOUND, String.valueOf(cause.getMessage()), cause);
  }

  /** Runs work on a thread of its own. */
  <T> CompletableFuture<T> submit(TopicIdPartition partition, Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    threads
        .newThread(() -> {
          try {
            result.complete(work.run());
          } catch (Throwable e) {
            // Also an Error: whoever waits must hear of it.
            metrics.failed();
            result.completeExceptionally(Failures.typed(partition, e));
          }
        })
        .start();
    return result;
  }
}
