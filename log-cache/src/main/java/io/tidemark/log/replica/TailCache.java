package io.tidemark.log.replica;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The batches this node has appended last while somebody waited for them, of all partitions, in
 * memory off the heap, so that tail readers need no file. A queue of chunks: the newest is filled,
 * the oldest is forgotten first. Memory of a chunk that is still being read comes back later; while
 * none is free, batches are not cached. Safe from any thread.
 *
 * <pre>
 *   oldest ──▶ [chunk][chunk] … [chunk][newest, partly filled]     + chunks evicted but still read
 *                ▲                        ▲
 *                └── {@link Tail}s of the replicas: offset → chunk, position
 * </pre>
 */
final class TailCache {
  private static final int CHUNK_BYTES = 1 << 20;

  private final int maxChunks;
  private final int chunkBytes;
  // Guards the fields below; held for a few instructions, never while copying.
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<TailChunk> chunks = new ArrayDeque<>();
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private int allocatedChunks;

  TailCache(long capacityBytes) {
    this(capacityBytes, CHUNK_BYTES);
  }

  TailCache(long capacityBytes, int chunkBytes) {
    this.maxChunks = (int) (capacityBytes / chunkBytes);
    this.chunkBytes = chunkBytes;
  }

  /** Where a copy may be written; the chunk is retained for it. */
  record Place(TailChunk chunk, int position) {}

  /** Null when the batches are too large or no memory is free. */
  @Nullable Place reserve(int sizeBytes) {
    if (sizeBytes > chunkBytes || maxChunks == 0) {
      return null;
    }
    TailChunk oldest = oldestInTheWayOf(sizeBytes);
    if (oldest != null) {
      // Outside the lock, which it takes to give its memory back.
      oldest.evict();
    }
    lock.lock();
    try {
      TailChunk newest = chunkFor(sizeBytes);
      return newest == null ? null : new Place(newest, newest.reserve(sizeBytes));
    } finally {
      lock.unlock();
    }
  }

  /** Takes the oldest chunk out when its memory is needed; null when it is not. */
  private @Nullable TailChunk oldestInTheWayOf(int sizeBytes) {
    lock.lock();
    try {
      TailChunk newest = chunks.peekLast();
      boolean needsMemory = newest == null || !newest.hasRoomFor(sizeBytes);
      boolean hasMemory = !free.isEmpty() || allocatedChunks < maxChunks;
      return needsMemory && !hasMemory ? chunks.pollFirst() : null;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable TailChunk chunkFor(int sizeBytes) {
    TailChunk newest = chunks.peekLast();
    if (newest != null && newest.hasRoomFor(sizeBytes)) {
      return newest;
    }
    ByteBuffer memory = free.poll();
    if (memory == null && allocatedChunks < maxChunks) {
      allocatedChunks++;
      memory = ByteBuffer.allocateDirect(chunkBytes);
    }
    if (memory == null) {
      return null;
    }
    TailChunk fresh = new TailChunk(memory, this::giveBack);
    chunks.addLast(fresh);
    return fresh;
  }

  private void giveBack(ByteBuffer memory) {
    lock.lock();
    try {
      free.add(memory);
    } finally {
      lock.unlock();
    }
  }

  /** Memory taken from the machine so far. */
  long allocatedBytes() {
    lock.lock();
    try {
      return (long) allocatedChunks * chunkBytes;
    } finally {
      lock.unlock();
    }
  }
}
