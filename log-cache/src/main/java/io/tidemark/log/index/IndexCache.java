package io.tidemark.log.index;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Indexes of closed segments that were asked for lately, bounded in bytes; one for a node. Safe
 * from any thread. Keys are compared by identity of meaning: a segment object is its own key.
 */
public final class IndexCache {
  private final Cache<Object, SegmentIndexes> cache;

  public IndexCache(long maxBytes) {
    // Runs its upkeep on the caller: no thread of its own.
    cache =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Object key, SegmentIndexes indexes) -> indexes.footprintBytes())
            .executor(Runnable::run)
            .recordStats()
            .build();
  }

  /** Reads an index that is not in the cache. */
  @FunctionalInterface
  public interface Loader {
    SegmentIndexes load() throws IOException;
  }

  /** The indexes of a segment; whoever asks first loads them, the others wait for that. */
  public SegmentIndexes get(Object segment, Loader loader) throws IOException {
    try {
      return cache.get(
          segment,
          key -> {
            try {
              return loader.load();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  public void put(Object segment, SegmentIndexes indexes) {
    cache.put(segment, indexes);
  }

  public void invalidate(Object segment) {
    cache.invalidate(segment);
  }

  /** How often an index was asked for and was there. */
  public long hitCount() {
    return cache.stats().hitCount();
  }

  /** How often an index was asked for and had to be read. */
  public long missCount() {
    return cache.stats().missCount();
  }

  /** Bytes held now, about. */
  public long sizeBytes() {
    return cache.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }
}
