package io.tidemark.log.replica;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One piece of the tail cache's memory, from when it is taken into use until nobody reads it any
 * more; then its memory goes back, for another chunk. Filled front to back under the cache's lock;
 * read from any thread that has retained it.
 */
final class TailChunk {
  private final ByteBuffer memory;
  private final Consumer<ByteBuffer> giveBack;
  // One reference is the cache's, the others are of readers and of copies under way.
  private final AtomicInteger references = new AtomicInteger(1);
  private final ConcurrentLinkedQueue<Runnable> onEviction = new ConcurrentLinkedQueue<>();
  private int usedBytes;

  TailChunk(ByteBuffer memory, Consumer<ByteBuffer> giveBack) {
    this.memory = memory;
    this.giveBack = giveBack;
  }

  boolean hasRoomFor(int sizeBytes) {
    return sizeBytes <= memory.capacity() - usedBytes;
  }

  /** Sets bytes aside and retains the chunk for copying to them; returns their position. */
  int reserve(int sizeBytes) {
    int position = usedBytes;
    usedBytes += sizeBytes;
    references.incrementAndGet();
    return position;
  }

  void copy(ByteBuffer source, int position) {
    memory.put(position, source, source.position(), source.remaining());
  }

  /** A read-only window; stays valid until the caller releases the chunk. */
  ByteBuffer window(int position, int sizeBytes) {
    return memory.slice(position, sizeBytes).asReadOnlyBuffer();
  }

  /** False when the memory may already belong to another chunk. */
  boolean retain() {
    int count = references.get();
    while (count > 0) {
      if (references.compareAndSet(count, count + 1)) {
        return true;
      }
      count = references.get();
    }
    return false;
  }

  void release() {
    if (references.decrementAndGet() == 0) {
      giveBack.accept(memory);
    }
  }

  /** Runs when the chunk is evicted; perhaps never when that is happening right now. */
  void onEviction(Runnable forget) {
    onEviction.add(forget);
  }

  /** Gives up the cache's reference. */
  void evict() {
    for (Runnable forget = onEviction.poll(); forget != null; forget = onEviction.poll()) {
      forget.run();
    }
    release();
  }
}
