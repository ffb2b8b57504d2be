package io.tidemark.log.clean;

import io.tidemark.log.partition.CleanedSegment;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.partition.LogCompaction;
import io.tidemark.log.producer.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes the segment that takes the place of a group. Not thread-safe, but may go from thread to
 * thread; closed by the round, which also discards what was written unless the log has taken it.
 */
final class SegmentRewrite implements AutoCloseable {
  private final List<ClosedSegment> group;
  private final SegmentRun run;
  private final BatchRewrite rewrite;
  private final CleanedSegment target;

  SegmentRewrite(List<ClosedSegment> group, BatchRewrite rewrite, LogCompaction compaction)
      throws IOException {
    this.group = group;
    this.run = new SegmentRun(group);
    this.rewrite = rewrite;
    this.target = compaction.begin(group.getFirst().baseOffset(), group.getLast().nextOffset());
  }

  /** Goes on for about so many bytes; false when the segment is finished. */
  boolean step(long bytes) throws IOException {
    long until = run.readBytes() + bytes;
    while (run.readBytes() < until) {
      if (!run.next()) {
        target.finish();
        return false;
      }
      ByteBuffer rewritten = rewrite.rewritten(run.buffer(), run.header(), run.isAtEnd());
      if (rewritten != null) {
        target.append(rewritten);
      }
      AbortedTransaction aborted = rewrite.keptAborted();
      if (aborted != null) {
        target.aborted(aborted);
      }
    }
    return true;
  }

  List<ClosedSegment> group() {
    return group;
  }

  CleanedSegment target() {
    return target;
  }

  long readBytes() {
    return run.readBytes();
  }

  @Override
  public void close() {
    run.close();
  }
}
