package io.tidemark.log.segment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * Segment files kept open between uses, bounded in number and for a minute; one for a node. The
 * cache holds one reference to each; a file that is in use stays open after it is evicted, until
 * its last user lets go. Safe from any thread.
 */
public final class FileCache implements AutoCloseable {
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final Cache<Object, OpenFile> cache;

  public FileCache(int maxIdleFiles, Time time) {
    cache =
        Caffeine.newBuilder()
            .maximumSize(maxIdleFiles)
            .expireAfterAccess(IDLE)
            .ticker(time::nanoseconds)
            .executor(Runnable::run)
            .recordStats()
            .removalListener(
                (@Nullable Object key, @Nullable OpenFile file, RemovalCause cause) -> close(file))
            .build();
  }

  private static void close(@Nullable OpenFile file) {
    if (file != null) {
      file.release();
    }
  }

  /** Opens a file that is not in the cache. */
  @FunctionalInterface
  public interface Opener {
    OpenFile open() throws IOException;
  }

  /** The open file of a segment, with a reference for the caller, who releases it. */
  public OpenFile acquire(Object segment, Opener opener) throws IOException {
    // A file just opened may be evicted before its opener has a reference: it is taken inside.
    @Nullable OpenFile[] mine = new OpenFile[1];
    try {
      while (true) {
        OpenFile file = cache.get(segment, key -> mine[0] = retained(opener));
        if (mine[0] != null) {
          return mine[0];
        }
        if (file.retain()) {
          return file;
        }
        // Evicted and closed between the two lines: the next look opens it again.
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static OpenFile retained(Opener opener) {
    try {
      OpenFile file = opener.open();
      file.retain();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the file of a segment, now or when its last user lets go. */
  public void invalidate(Object segment) {
    cache.invalidate(segment);
  }

  /** Closes what nobody has used for a while; to be called now and then. */
  public void closeIdle() {
    cache.cleanUp();
  }

  /** How often a file was asked for and was open. */
  public long hitCount() {
    return cache.stats().hitCount();
  }

  /** How often a file was asked for and had to be opened. */
  public long missCount() {
    return cache.stats().missCount();
  }

  /** Open files, about. */
  public long count() {
    return cache.estimatedSize();
  }

  @Override
  public void close() {
    cache.invalidateAll();
    cache.cleanUp();
  }
}
