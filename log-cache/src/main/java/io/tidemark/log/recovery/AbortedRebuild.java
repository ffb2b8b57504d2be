package io.tidemark.log.recovery;

import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.segment.Segment;
import java.io.IOException;
import java.util.List;

/**
 * Makes the transaction index of a log's segment again, from the producers as they were at its
 * start and its own batches. One for a log; told by the log's appender which segments there are.
 */
public final class AbortedRebuild implements Segment.AbortedSource {
  // Volatile because readers whose index is lost come on their own threads.
  private volatile List<Segment> segments = List.of();

  /** The log's segments by base offset; not changed by the caller afterwards. */
  public void segments(List<Segment> current) {
    segments = current;
  }

  @Override
  public List<AbortedTransaction> abortedIn(Segment segment) throws IOException {
    List<Segment> before =
        segments.stream().filter(other -> other.baseOffset() < segment.baseOffset()).toList();
    return ProducerReplay.abortedIn(segment, before);
  }
}
