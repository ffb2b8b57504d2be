package io.tidemark.log.clean;

import io.tidemark.log.partition.ClosedSegment;
import java.io.IOException;
import java.util.List;

/**
 * Reads the dirty part of a log and notes its keys, until all is read or the map is full. Not
 * thread-safe; closed by the round.
 */
final class KeyScan implements AutoCloseable {
  private final SegmentRun run;
  private final KeyNotes notes;

  /**
   * @param dirty the segments, retained
   */
  KeyScan(List<ClosedSegment> dirty, KeyNotes notes) {
    this.run = new SegmentRun(dirty);
    this.notes = notes;
  }

  /** Reads on for about so many bytes; false when it is over. */
  boolean step(long bytes) throws IOException {
    long until = run.readBytes() + bytes;
    while (!notes.isFull() && run.readBytes() < until) {
      if (!run.next()) {
        return false;
      }
      notes.take(run.buffer(), run.header());
    }
    return !notes.isFull();
  }

  /** All keys below are in the map. */
  long endOffset() {
    return notes.endOffset();
  }

  long readBytes() {
    return run.readBytes();
  }

  @Override
  public void close() {
    run.close();
  }
}
