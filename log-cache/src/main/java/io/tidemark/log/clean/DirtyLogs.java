package io.tidemark.log.clean;

import io.tidemark.log.LogConfig;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.partition.SegmentBatches;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compacted logs of the node: how dirty each is, which is being cleaned, and which cannot be.
 * Safe from any thread; a look reads a little of the disks and goes on one at a time.
 */
final class DirtyLogs {
  private static final Logger log = LoggerFactory.getLogger(DirtyLogs.class);

  private final Supplier<Collection<Replica>> replicas;
  private final Time time;

  // All but the figures are guarded by this object's monitor.
  private final Set<TopicIdPartition> taken = new HashSet<>();
  private final Map<TopicIdPartition, String> failed = new HashMap<>();
  private final Map<TopicIdPartition, Long> postponedUntilMs = new HashMap<>();
  private final Map<TopicIdPartition, Oldest> oldest = new HashMap<>();

  // Volatile because whoever scrapes reads them.
  private volatile long dirtyBytes;
  private volatile long maxLagMs;
  private volatile double maxDirtyRatio;
  private volatile long lookedAtMs;

  /** The time of the first batch of a segment; read once. */
  private record Oldest(long baseOffset, OptionalLong timestampMs) {}

  /** A log to be cleaned now. */
  record Candidate(Replica replica, Cleanable cleanable, boolean isOverdue) {}

  DirtyLogs(Supplier<Collection<Replica>> replicas, Time time) {
    this.replicas = replicas;
    this.time = time;
    this.lookedAtMs = time.hiResClockMs();
  }

  /** Looks at all logs and takes the one that needs cleaning most; it is to be given back. */
  synchronized Optional<Candidate> take(long nowMs) {
    List<Candidate> due = new ArrayList<>();
    Set<TopicIdPartition> present = new HashSet<>();
    long bytes = 0;
    long lagMs = 0;
    double dirtyRatio = 0;
    for (Replica replica : replicas.get()) {
      ReplicaView view = replica.view();
      if (!view.config().compact() || !view.isOnline()) {
        continue;
      }
      present.add(replica.id());
      Optional<Look> look = look(replica, nowMs);
      if (look.isPresent()) {
        bytes += look.get().cleanable.dirtyBytes();
        lagMs = Math.max(lagMs, look.get().lagMs(nowMs));
        dirtyRatio = Math.max(dirtyRatio, look.get().cleanable.dirtyRatio());
        look.get().candidate(replica, view.config(), nowMs).ifPresent(due::add);
      }
    }
    forgetBut(present);
    dirtyBytes = bytes;
    maxLagMs = lagMs;
    maxDirtyRatio = dirtyRatio;
    lookedAtMs = time.hiResClockMs();
    Optional<Candidate> chosen =
        due.stream()
            .filter(each -> isFree(each.replica.id(), nowMs))
            .max(
                Comparator.comparing(Candidate::isOverdue)
                    .thenComparingDouble(each -> each.cleanable.dirtyRatio()));
    chosen.ifPresent(each -> taken.add(each.replica.id()));
    return chosen;
  }

  private boolean isFree(TopicIdPartition id, long nowMs) {
    return !taken.contains(id)
        && !failed.containsKey(id)
        && postponedUntilMs.getOrDefault(id, Long.MIN_VALUE) <= nowMs;
  }

  private void forgetBut(Set<TopicIdPartition> present) {
    failed.keySet().retainAll(present);
    postponedUntilMs.keySet().retainAll(present);
    oldest.keySet().retainAll(present);
  }

  private record Look(Cleanable cleanable, OptionalLong oldestMs) {
    long lagMs(long nowMs) {
      return oldestMs.isPresent() ? Math.max(0, nowMs - oldestMs.getAsLong()) : 0;
    }

    Optional<Candidate> candidate(Replica replica, LogConfig config, long nowMs) {
      return CleanPolicy.isDue(cleanable, config, oldestMs, nowMs)
          ? Optional.of(
              new Candidate(replica, cleanable, CleanPolicy.isOverdue(config, oldestMs, nowMs)))
          : Optional.empty();
    }
  }

  /**
   * Nothing is cleaned that may yet change, nor before it is in the bucket: what is uploaded has to
   * stand alone, for the hot records that supersede something in it may be lost.
   */
  private static long cleanableBelow(ReplicaView view) {
    boolean isUploaded =
        view.config().remoteStorageEnable() && !Topic.isInternal(view.id().topic());
    return isUploaded
        ? Math.min(view.lastStableOffset(), view.tieredOffset())
        : view.lastStableOffset();
  }

  /** Empty when the log cannot be looked at now. */
  private Optional<Look> look(Replica replica, long nowMs) {
    try {
      ReplicaView view = replica.view();
      List<ClosedSegment> closed = replica.closedSegments();
      Cleanable cleanable =
          CleanPolicy.cleanable(
              spans(closed, view.config()),
              replica.compaction().cleanedTo(),
              cleanableBelow(view),
              view.config(),
              nowMs);
      return Optional.of(new Look(cleanable, oldestOrFailed(replica.id(), closed, cleanable)));
    } catch (CorruptRecordException e) {
      failed(replica.id(), String.valueOf(e.getMessage()));
    } catch (IOException | ApiException e) {
      log.debug("{} cannot be looked at: {}", replica.id(), e.toString());
    }
    return Optional.empty();
  }

  private static List<CleanPolicy.Span> spans(List<ClosedSegment> closed, LogConfig config)
      throws IOException {
    List<CleanPolicy.Span> spans = new ArrayList<>(closed.size());
    for (ClosedSegment segment : closed) {
      // Only asked for where it matters: it takes the segment's index.
      long maxTimestampMs = config.minCompactionLagMs() > 0 ? segment.maxTimestampMs() : -1;
      spans.add(
          new CleanPolicy.Span(
              segment.baseOffset(), segment.nextOffset(), segment.sizeBytes(), maxTimestampMs));
    }
    return spans;
  }

  /** What cannot be read is dirty for ever, and is seen to be. */
  private OptionalLong oldestOrFailed(
      TopicIdPartition id, List<ClosedSegment> closed, Cleanable cleanable) throws IOException {
    try {
      return oldest(id, closed, cleanable);
    } catch (CorruptRecordException e) {
      failed(id, String.valueOf(e.getMessage()));
      return OptionalLong.empty();
    }
  }

  private OptionalLong oldest(TopicIdPartition id, List<ClosedSegment> closed, Cleanable cleanable)
      throws IOException {
    if (cleanable.dirtyBytes() == 0) {
      return OptionalLong.empty();
    }
    ClosedSegment first =
        closed.stream()
            .filter(segment -> segment.nextOffset() > cleanable.startOffset())
            .filter(segment -> segment.sizeBytes() > 0)
            .findFirst()
            .orElseThrow();
    Oldest known = oldest.get(id);
    if (known == null || known.baseOffset != first.baseOffset()) {
      known = new Oldest(first.baseOffset(), firstTimestampMs(first));
      oldest.put(id, known);
    }
    return known.timestampMs;
  }

  private static OptionalLong firstTimestampMs(ClosedSegment segment) throws IOException {
    if (!segment.retain()) {
      return OptionalLong.empty();
    }
    try (SegmentBatches batches = SegmentBatches.of(segment)) {
      long timestampMs = batches.next() ? batches.header().maxTimestamp() : -1;
      return timestampMs < 0 ? OptionalLong.empty() : OptionalLong.of(timestampMs);
    } finally {
      segment.release();
    }
  }

  /** Gives a log back after a cleaning. */
  synchronized void giveBack(TopicIdPartition id) {
    taken.remove(id);
  }

  /** Gives a log back that could not be cleaned now, and leaves it alone for a while. */
  synchronized void postpone(TopicIdPartition id, long untilMs) {
    taken.remove(id);
    postponedUntilMs.put(id, untilMs);
  }

  /** Leaves a log alone until the node starts again. */
  synchronized void failed(TopicIdPartition id, String reason) {
    taken.remove(id);
    if (failed.putIfAbsent(id, reason) == null) {
      log.error("{} cannot be cleaned and grows from now on: {}", id, reason);
    }
  }

  long dirtyBytes() {
    return dirtyBytes;
  }

  long maxLagMs() {
    return maxLagMs;
  }

  double maxDirtyRatio() {
    return maxDirtyRatio;
  }

  long sinceLookMs() {
    return time.hiResClockMs() - lookedAtMs;
  }

  synchronized int failedCount() {
    return failed.size();
  }
}
