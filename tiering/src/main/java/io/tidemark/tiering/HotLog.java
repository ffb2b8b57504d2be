package io.tidemark.tiering;

import io.tidemark.log.partition.ActiveSegment;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.tiering.retention.SegmentSpan;
import io.tidemark.tiering.retention.SegmentTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What policies need to know of a replica's hot log. The facts of a closed segment are read from
 * disk once. Any thread.
 */
final class HotLog {
  private final Replica replica;
  private final Map<Long, HotSegment> facts = new ConcurrentHashMap<>();

  /** A closed segment and when its file was last written, in wall clock milliseconds. */
  record HotSegment(SegmentSpan span, long writtenMs) {}

  /** The hot log at one moment. */
  record State(ReplicaView view, List<HotSegment> closed, ActiveSegment active) {
    List<SegmentSpan> closedSpans() {
      return closed.stream().map(HotSegment::span).toList();
    }

    /** The active segment as retention sees it; one without records spans nothing. */
    SegmentSpan activeSpan() {
      long end = active.sizeBytes() == 0 ? active.baseOffset() : view.logEndOffset();
      return new SegmentSpan(
          active.baseOffset(),
          Math.max(end, active.baseOffset()),
          active.sizeBytes(),
          SegmentTime.of(active.maxTimestampMs(), active.lastAppendMs()));
    }

    /** Closed segments that are not in the bucket and not below the log start, oldest first. */
    List<HotSegment> waiting(long tieredOffset) {
      long done = Math.max(tieredOffset, view.logStartOffset());
      return closed.stream().filter(segment -> segment.span().nextOffset() > done).toList();
    }
  }

  HotLog(Replica replica) {
    this.replica = replica;
  }

  State read(ReplicaView view) throws IOException {
    List<HotSegment> closed = new ArrayList<>();
    Set<Long> present = new HashSet<>();
    for (ClosedSegment segment : replica.closedSegments()) {
      Optional<HotSegment> fact = fact(segment);
      if (fact.isPresent()) {
        closed.add(fact.get());
        present.add(segment.baseOffset());
      }
    }
    facts.keySet().retainAll(present);
    return new State(view, List.copyOf(closed), replica.activeSegment());
  }

  /** The closed segment that begins here, retained: the caller releases it. */
  Optional<ClosedSegment> retain(long baseOffset) {
    return replica.closedSegments().stream()
        .filter(segment -> segment.baseOffset() == baseOffset)
        .filter(ClosedSegment::retain)
        .findFirst();
  }

  private Optional<HotSegment> fact(ClosedSegment segment) throws IOException {
    HotSegment known = facts.get(segment.baseOffset());
    // A cleaned segment has the offsets of the one before.
    if (known != null
        && known.span().nextOffset() == segment.nextOffset()
        && known.span().sizeBytes() == segment.sizeBytes()) {
      return Optional.of(known);
    }
    if (!segment.retain()) {
      return Optional.empty();
    }
    try {
      HotSegment read = read(segment);
      facts.put(segment.baseOffset(), read);
      return Optional.of(read);
    } finally {
      segment.release();
    }
  }

  private static HotSegment read(ClosedSegment segment) throws IOException {
    long writtenMs = segment.lastModifiedMs();
    return new HotSegment(
        new SegmentSpan(
            segment.baseOffset(),
            segment.nextOffset(),
            segment.sizeBytes(),
            SegmentTime.of(segment.maxTimestampMs(), writtenMs)),
        writtenMs);
  }
}
