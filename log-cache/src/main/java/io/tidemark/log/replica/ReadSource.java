package io.tidemark.log.replica;

/** Where the bytes of a read come from, and so which thread may fetch them. */
public enum ReadSource {
  /**
   * There are none: the offset is at the end of what this reader may see, or the read found a
   * divergence.
   */
  NONE,
  /** The tail cache: write them out from any thread. */
  MEMORY,
  /** A local file, most likely in the page cache: send them from the event loop. */
  PAGE_CACHE,
  /**
   * A local file that most likely must be read from the disk: read ahead on the directory's pool
   * first.
   */
  LOCAL_DISK,
  /** Below the local log start: the bucket has them; there is no slice. */
  BUCKET
}
