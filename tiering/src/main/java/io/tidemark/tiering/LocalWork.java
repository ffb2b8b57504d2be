package io.tidemark.tiering;

import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.tiering.retention.LocalRetentionPolicy;
import io.tidemark.tiering.retention.RetentionDecision;
import io.tidemark.tiering.retention.RetentionLimits;
import io.tidemark.tiering.retention.RetentionPolicy;
import io.tidemark.tiering.retention.SegmentSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.internals.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done on a replica's own disk: hot segments dropped once they are tiered and old enough,
 * retention of a log without cold tier, active segments rolled. It never waits: each change is
 * handed to the partition's queue, one at a time, and looked at again when it is done (after a
 * failure, at the next look). So it goes on while the store is away. Called under the partition's
 * look.
 */
final class LocalWork {
  private static final Logger log = LoggerFactory.getLogger(LocalWork.class);

  private final Replica replica;
  private final LogStarts logStarts;
  private final TieringMetrics metrics;
  private final Runnable again;
  private final Consumer<Throwable> failures;

  /** A change is on its way through the partition's queue. */
  private final AtomicBoolean isChanging = new AtomicBoolean();

  LocalWork(
      Replica replica,
      LogStarts logStarts,
      TieringMetrics metrics,
      Runnable again,
      Consumer<Throwable> failures) {
    this.replica = replica;
    this.logStarts = logStarts;
    this.metrics = metrics;
    this.again = again;
    this.failures = failures;
  }

  /**
   * Drops hot segments that the bucket has, as far as local retention says.
   *
   * @param tieredFrom the first offset the committed manifest lists; hot segments below it that the
   *     log still needs are in no other place
   * @return when the next one becomes due by age, wall clock; {@link Long#MAX_VALUE} for none
   */
  long dropTiered(HotLog.State hot, long tieredFrom, long tieredOffset, long wallMs) {
    ReplicaView view = hot.view();
    if (!view.config().remoteStorageEnable()
        || Topic.isInternal(view.id().topic())
        || tieredFrom > Math.max(view.localLogStartOffset(), view.logStartOffset())) {
      return Long.MAX_VALUE;
    }
    RetentionLimits limits = RetentionLimits.local(view.config());
    List<SegmentSpan> closed = hot.closedSpans();
    long below =
        LocalRetentionPolicy.deleteBelow(
            limits,
            wallMs,
            view.localLogStartOffset(),
            tieredOffset,
            view.highWatermark(),
            closed,
            hot.active().sizeBytes());
    below = Math.max(below, damagedBelow(Math.min(tieredOffset, view.highWatermark())));
    if (below > view.localLogStartOffset()) {
      change(replica.deleteLocalSegments(below).thenAccept(metrics::localSegmentsDeleted));
      return Long.MAX_VALUE;
    }
    boolean waits =
        !closed.isEmpty()
            && closed.getFirst().nextOffset() <= Math.min(tieredOffset, view.highWatermark());
    return waits ? limits.expiresAtMs(closed.getFirst()) : Long.MAX_VALUE;
  }

  /** A damaged copy of what is in the bucket goes at once: it is read from there then. */
  private long damagedBelow(long storedBelow) {
    return replica.closedSegments().stream()
        .filter(ClosedSegment::isDamaged)
        .mapToLong(ClosedSegment::nextOffset)
        .filter(nextOffset -> nextOffset <= storedBelow)
        .max()
        .orElse(-1);
  }

  /**
   * Retention of a log that is on this disk only; false when nothing was due. Where the quorum
   * cannot be asked nothing is deleted.
   */
  boolean retainHot(HotLog.State hot, long wallMs) {
    ReplicaView view = hot.view();
    List<SegmentSpan> spans = new ArrayList<>();
    for (SegmentSpan span : hot.closedSpans()) {
      if (span.nextOffset() > view.logStartOffset()) {
        spans.add(span);
      }
    }
    spans.add(hot.activeSpan());
    RetentionDecision decision =
        RetentionPolicy.decide(
            RetentionLimits.total(view.config()),
            wallMs,
            view.logStartOffset(),
            view.highWatermark(),
            spans,
            true);
    if (decision.logStartOffset() > view.logStartOffset()) {
      log.debug("Retention moves the log start of {} to {}", view.id(), decision.logStartOffset());
      metrics.retentionAdvanced();
      change(logStarts.advance(replica, decision.logStartOffset()));
      return true;
    }
    if (decision.rollActive()) {
      roll();
      return true;
    }
    return false;
  }

  /** Closes the active segment. */
  void roll() {
    change(replica.roll());
  }

  boolean isChanging() {
    return isChanging.get();
  }

  private void change(CompletableFuture<?> change) {
    isChanging.set(true);
    change.whenComplete((done, failure) -> {
      isChanging.set(false);
      if (failure == null) {
        again.run();
      } else {
        failures.accept(failure);
      }
    });
  }
}
