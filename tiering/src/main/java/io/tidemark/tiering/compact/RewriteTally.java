package io.tidemark.tiering.compact;

/** What one rewriting has come to so far. One thread. */
public final class RewriteTally {
  private long readBytes;
  private long writtenBytes;
  private int replaced;
  private int made;
  private long withoutKey;
  private boolean isMapFull;

  void read(long bytes) {
    readBytes += bytes;
  }

  void wrote(long bytes) {
    writtenBytes += bytes;
  }

  void swapped(int old, int fresh) {
    replaced += old;
    made += fresh;
  }

  void compacted(long recordsWithoutKey, boolean mapWasFull) {
    withoutKey = recordsWithoutKey;
    isMapFull = mapWasFull;
  }

  public long readBytes() {
    return readBytes;
  }

  public long writtenBytes() {
    return writtenBytes;
  }

  /** Objects that others took the place of. */
  public int replaced() {
    return replaced;
  }

  /** Objects that took their place. */
  public int made() {
    return made;
  }

  /** Records that went because they have no key. */
  public long withoutKey() {
    return withoutKey;
  }

  /** Whether there were more keys than memory for them, so that another round has to follow. */
  public boolean isMapFull() {
    return isMapFull;
  }
}
