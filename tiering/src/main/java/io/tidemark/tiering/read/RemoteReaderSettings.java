package io.tidemark.tiering.read;

import io.tidemark.tiering.segment.BlockChecksums;

/**
 * Bounds of remote reads.
 *
 * @param chunkBytes what is downloaded and cached as one; a multiple of 64 KiB
 * @param cacheBytes memory off the heap for chunks, read-ahead and answers under way included
 * @param indexCacheBytes heap for the indexes of remote segments
 * @param concurrentDownloads of all readers together
 * @param concurrentDownloadsPerReader so that one replay leaves room for others
 * @param readAheadBytesPerReader largest window of one reader
 */
public record RemoteReaderSettings(
    int chunkBytes,
    long cacheBytes,
    long indexCacheBytes,
    int concurrentDownloads,
    int concurrentDownloadsPerReader,
    long readAheadBytesPerReader) {
  /** Fewer chunks than this would get in each other's way. */
  public static final int MIN_CHUNKS = 8;

  public static final RemoteReaderSettings DEFAULTS =
      new RemoteReaderSettings(
          1024 * 1024, 128L * 1024 * 1024, 64L * 1024 * 1024, 32, 16, 32L * 1024 * 1024);

  public RemoteReaderSettings {
    if (chunkBytes <= 0 || chunkBytes % BlockChecksums.BLOCK_BYTES != 0) {
      throw new IllegalArgumentException(
          "chunks of %d bytes are no multiple of %d"
              .formatted(chunkBytes, BlockChecksums.BLOCK_BYTES));
    }
    if (cacheBytes / chunkBytes < MIN_CHUNKS) {
      throw new IllegalArgumentException(
          "a cache of %d bytes holds fewer than %d chunks of %d"
              .formatted(cacheBytes, MIN_CHUNKS, chunkBytes));
    }
    if (concurrentDownloads < 1 || concurrentDownloadsPerReader < 1) {
      throw new IllegalArgumentException("at least one download at once");
    }
  }

  int capacityChunks() {
    return (int) Math.min(Integer.MAX_VALUE, cacheBytes / chunkBytes);
  }
}
