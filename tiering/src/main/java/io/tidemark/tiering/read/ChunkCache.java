package io.tidemark.tiering.read;

import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks in memory and on their way. A chunk is downloaded once, whoever asks, and checked before
 * anybody sees it. Memory is a fixed number of direct buffers: in use by a download, by a chunk
 * that is cached, or free.
 *
 * <pre>
 *   want ──▶ queued ──▶ running ──▶ cached, unread ──▶ cached, read ──▶ evicted
 *             │ by turns of the clients;    │ last to go      │ first to go, oldest first
 *             │ demanded before ahead       └──────▶ evicted (read ahead in vain)
 *             └▶ read ahead and no memory: dropped
 * </pre>
 *
 * A demanded download waits until memory is free; one that reads ahead never displaces what another
 * reader has not read yet. Safe from any thread; never blocks: downloads run on threads of their
 * own.
 */
final class ChunkCache {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkCache.class);

  private final ObjectStore store;
  private final RemoteReaderSettings settings;
  private final Time time;
  private final ThreadFactory threads;
  private final ReadMetrics metrics;

  // Guards all that follows; nothing is waited for under it.
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ChunkRequest.Key, Chunk> unread = new LinkedHashMap<>();
  private final Map<ChunkRequest.Key, Chunk> read = new LinkedHashMap<>();
  private final Map<ChunkRequest.Key, Download> underWay = new HashMap<>();
  private final FairQueue<Download> demanded;
  private final FairQueue<Download> ahead;
  private final Map<Object, Integer> runningOf = new HashMap<>();
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private int capacity;
  private int allocated;
  private int running;
  private int held;
  private boolean isClosed;
  private double latencyNs;

  ChunkCache(
      ObjectStore store,
      RemoteReaderSettings settings,
      Time time,
      ThreadFactory threads,
      ReadMetrics metrics) {
    this.store = store;
    this.settings = settings;
    this.time = time;
    this.threads = threads;
    this.metrics = metrics;
    this.capacity = settings.capacityChunks();
    this.demanded = new FairQueue<>(ChunkCache::costOf, settings.chunkBytes());
    this.ahead = new FairQueue<>(ChunkCache::costOf, settings.chunkBytes());
    metrics.gauge(
        "tidemark.remote.cache.bytes", "Memory taken for chunks", this, ChunkCache::allocatedBytes);
    metrics.gauge(
        "tidemark.remote.downloads.running", "Downloads under way", this, ChunkCache::running);
    metrics.gauge(
        "tidemark.remote.downloads.queued", "Downloads that wait", this, ChunkCache::queued);
  }

  private static long costOf(Download download) {
    return download.request.lengthBytes();
  }

  /**
   * The chunk with one more reference, which {@link #release} gives back; null when not there.
   *
   * @param isPeek only looked at for somebody who will come to read it
   */
  @Nullable Chunk acquire(ChunkRequest.Key key, boolean isPeek) {
    lock.lock();
    try {
      Chunk chunk = unread.get(key);
      if (chunk == null) {
        chunk = read.get(key);
      }
      if (chunk == null) {
        return null;
      }
      if (!isPeek) {
        markRead(chunk);
      }
      if (chunk.references++ == 0) {
        held++;
      }
      return chunk;
    } finally {
      lock.unlock();
    }
  }

  private void markRead(Chunk chunk) {
    (chunk.wasRead ? read : unread).remove(chunk.key());
    chunk.wasRead = true;
    read.put(chunk.key(), chunk);
  }

  void release(List<Chunk> chunks) {
    if (chunks.isEmpty()) {
      return;
    }
    List<Runnable> next = new ArrayList<>();
    lock.lock();
    try {
      for (Chunk chunk : chunks) {
        if (--chunk.references == 0) {
          held--;
        }
      }
      if (demanded.size() > 0) {
        pump(next);
      }
    } finally {
      lock.unlock();
    }
    next.forEach(Runnable::run);
  }

  /** Completes when the chunk is there, for the moment; a reader waits for it. */
  CompletableFuture<@Nullable Void> demand(ChunkRequest request, Object reader) {
    return demand(request, reader, reader);
  }

  /** The same for a reader of a client that may have others: clients take turns. */
  CompletableFuture<@Nullable Void> demand(ChunkRequest request, Object reader, Object client) {
    List<Runnable> next = new ArrayList<>();
    lock.lock();
    try {
      if (isCached(request.key())) {
        return CompletableFuture.completedFuture(null);
      }
      Download download = underWay.get(request.key());
      if (download == null) {
        download = begin(request, reader, client, true);
      } else if (!download.isDemanded) {
        promote(download);
      }
      pump(next);
      return download.done;
    } finally {
      lock.unlock();
      next.forEach(Runnable::run);
    }
  }

  /** Brings the chunk near if there is room. */
  void readAhead(ChunkRequest request, Object reader, Object client) {
    List<Runnable> next = new ArrayList<>();
    lock.lock();
    try {
      boolean isNear = isCached(request.key()) || underWay.containsKey(request.key());
      if (isNear || isClosed || unread.size() + underWay.size() >= capacity / 2) {
        return;
      }
      begin(request, reader, client, false);
      pump(next);
    } finally {
      lock.unlock();
      next.forEach(Runnable::run);
    }
  }

  private boolean isCached(ChunkRequest.Key key) {
    return unread.containsKey(key) || read.containsKey(key);
  }

  private Download begin(ChunkRequest request, Object reader, Object client, boolean isDemanded) {
    Download download = new Download(request, reader, client, isDemanded);
    if (isClosed) {
      download.done.completeExceptionally(new CancellationException("closed"));
      return download;
    }
    underWay.put(request.key(), download);
    (isDemanded ? demanded : ahead).add(client, reader, download);
    return download;
  }

  private void promote(Download download) {
    download.isDemanded = true;
    if (!download.isRunning && ahead.remove(download.client, download.reader, download)) {
      demanded.add(download.client, download.reader, download);
    }
  }

  /** Starts what may start; what is to be done without the lock goes to {@code next}. */
  private void pump(List<Runnable> next) {
    while (running < settings.concurrentDownloads()) {
      Download download = demanded.poll(this::mayRunMore);
      if (download == null) {
        download = ahead.poll(this::mayRunMore);
      }
      if (download == null) {
        return;
      }
      ByteBuffer memory = takeMemory(download.isDemanded);
      if (memory != null) {
        start(download, memory, next);
      } else if (download.isDemanded && allocated > 0) {
        demanded.putBack(download.client, download.reader, download);
        return;
      } else {
        drop(download, next);
      }
    }
  }

  private boolean mayRunMore(Object reader) {
    return runningOf.getOrDefault(reader, 0) < settings.concurrentDownloadsPerReader();
  }

  private void start(Download download, ByteBuffer memory, List<Runnable> next) {
    download.isRunning = true;
    running++;
    runningOf.merge(download.reader, 1, Integer::sum);
    next.add(() -> threads.newThread(() -> run(download, memory)).start());
  }

  private void drop(Download download, List<Runnable> next) {
    underWay.remove(download.request.key());
    next.add(() -> download.done.completeExceptionally(new CancellationException("no memory")));
  }

  private @Nullable ByteBuffer takeMemory(boolean isDemanded) {
    ByteBuffer memory = free.poll();
    if (memory != null) {
      return memory.clear();
    }
    if (allocated < capacity && allocate()) {
      return free.pop();
    }
    Chunk evicted = evictOne(read);
    if (evicted == null && isDemanded) {
      evicted = evictOne(unread);
    }
    return evicted == null ? null : evicted.memory().clear();
  }

  /** False when the process has no more memory: then the cache stays as large as it is. */
  private boolean allocate() {
    try {
      free.add(ByteBuffer.allocateDirect(settings.chunkBytes()));
      allocated++;
      return true;
    } catch (OutOfMemoryError e) {
      capacity = allocated;
      LOG.warn(
          "No direct memory for more than {} chunks of {} bytes; the cache stays at that",
          allocated,
          settings.chunkBytes());
      return false;
    }
  }

  private @Nullable Chunk evictOne(Map<ChunkRequest.Key, Chunk> chunks) {
    for (Chunk chunk : chunks.values()) {
      if (chunk.references == 0) {
        chunks.remove(chunk.key());
        metrics.evicted(chunk.bytes().limit(), chunk.wasRead);
        return chunk;
      }
    }
    return null;
  }

  private void run(Download download, ByteBuffer memory) {
    long startNs = time.nanoseconds();
    Throwable failure = null;
    try {
      fill(download.request, memory);
    } catch (Throwable e) {
      // Also an Error: waiting readers must hear of it.
      failure = e;
    }
    end(download, memory, failure, time.nanoseconds() - startNs);
    if (failure == null) {
      download.done.complete(null);
    } else {
      download.done.completeExceptionally(failure);
    }
  }

  private void fill(ChunkRequest request, ByteBuffer memory) throws ObjectStoreException {
    for (int attempt = 1; attempt <= 2; attempt++) {
      memory.clear().limit(request.lengthBytes());
      store.read(request.objectKey(), request.position(), memory);
      if (request.blocks().matches(memory.flip(), request.position())) {
        return;
      }
      metrics.corrupt();
    }
    throw new ObjectStoreException(
        Kind.CORRUPT,
        "%s has wrong bytes at %d".formatted(request.objectKey(), request.position()));
  }

  private void end(
      Download download, ByteBuffer memory, @Nullable Throwable failure, long durationNs) {
    ChunkRequest request = download.request;
    List<Runnable> next = new ArrayList<>();
    lock.lock();
    try {
      running--;
      runningOf.compute(
          download.reader, (reader, count) -> count == null || count <= 1 ? null : count - 1);
      underWay.remove(request.key());
      if (failure == null) {
        unread.put(request.key(), new Chunk(request.key(), memory, request.lengthBytes()));
        latencyNs = latencyNs == 0 ? durationNs : latencyNs * 0.8 + durationNs * 0.2;
        metrics.downloaded(request.lengthBytes(), durationNs, !download.isDemanded);
      } else {
        free.add(memory);
      }
      pump(next);
    } finally {
      lock.unlock();
    }
    next.forEach(Runnable::run);
  }

  /** What a chunk takes from request to checked bytes, lately. */
  long latencyNs() {
    lock.lock();
    try {
      return (long) latencyNs;
    } finally {
      lock.unlock();
    }
  }

  /** Whether more than half of the memory is held by readers. */
  boolean isCrowded() {
    lock.lock();
    try {
      return held > capacity / 2;
    } finally {
      lock.unlock();
    }
  }

  private double allocatedBytes() {
    lock.lock();
    try {
      return (double) allocated * settings.chunkBytes();
    } finally {
      lock.unlock();
    }
  }

  private double running() {
    lock.lock();
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }

  private double queued() {
    lock.lock();
    try {
      return demanded.size() + ahead.size();
    } finally {
      lock.unlock();
    }
  }

  /** Ends what waits; what runs ends by itself. References stay valid. */
  void close() {
    List<Download> waiting = new ArrayList<>();
    lock.lock();
    try {
      isClosed = true;
      for (FairQueue<Download> queue : List.of(demanded, ahead)) {
        for (Download item = queue.poll(any -> true);
            item != null;
            item = queue.poll(any -> true)) {
          underWay.remove(item.request.key());
          waiting.add(item);
        }
      }
    } finally {
      lock.unlock();
    }
    waiting.forEach(item -> item.done.completeExceptionally(new CancellationException("closed")));
  }
}
