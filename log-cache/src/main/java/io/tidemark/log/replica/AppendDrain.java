package io.tidemark.log.replica;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.partition.Admission;
import io.tidemark.log.partition.AppendPlan;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.validate.ValidatedBatches;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Carries out appends of one drain: places them on a provisional copy of the log's end, writes all
 * of them at once, and only then counts them. When the write fails every append of it gets the same
 * error and nothing is remembered. Called by whoever drains the partition.
 *
 * <pre>
 *   append ─▶ offsets, epoch, producer checks ─▶ plan ─▶ one positioned write ─▶ tail cache ─▶ placed
 *                     │ refused: told at once              │ failed: all told the same
 * </pre>
 */
final class AppendDrain {
  static final long NO_TIMESTAMP = RecordBatchHeader.NO_TIMESTAMP;

  /**
   * An append that is in the log now, or whose original is.
   *
   * @param logAppendTimeMs -1 unless the log stamps records
   */
  record Placed(PendingAppend append, Admission admission, ByteBuffer bytes, long logAppendTimeMs) {
    long baseOffset() {
      return switch (admission) {
        case Admission.Admitted admitted -> admitted.baseOffset();
        case Admission.Duplicate duplicate -> duplicate.baseOffset();
      };
    }

    long lastOffset() {
      return switch (admission) {
        case Admission.Admitted admitted -> admitted.lastOffset();
        case Admission.Duplicate duplicate -> duplicate.lastOffset();
      };
    }
  }

  private final CurrentLog current;
  private final NodeParts node;
  private final Tail tail;
  private final Warmth warmth;
  private final DiskOperation writing = new DiskOperation();

  AppendDrain(CurrentLog current, NodeParts node, Tail tail, Warmth warmth) {
    this.current = current;
    this.node = node;
    this.tail = tail;
    this.warmth = warmth;
  }

  /** Since when a write has been under way. */
  DiskOperation writing() {
    return writing;
  }

  /** Appends what can be appended and returns it; the others have been told. */
  List<Placed> append(List<PendingAppend> appends, int leaderEpoch, LogConfig config) {
    List<Placed> all = new ArrayList<>(appends.size());
    List<Placed> planned = new ArrayList<>(appends.size());
    long nowMs = node.time().milliseconds();
    AppendPlan plan = current.log().plan(nowMs);
    for (PendingAppend append : appends) {
      if (!plan.hasRoomFor(append.sizeBytes())) {
        all.addAll(write(plan, planned));
        planned.clear();
        plan = current.log().plan(nowMs);
      }
      Placed placed = place(plan, append, leaderEpoch, config, nowMs);
      if (placed != null) {
        planned.add(placed);
      }
    }
    all.addAll(write(plan, planned));
    return all;
  }

  /**
   * Appends what the leader sent; the offsets are already in it. Throws what the listener of an
   * append would be told.
   */
  void replicate(ValidatedBatches batches, int leaderEpoch) {
    AppendPlan plan = current.log().plan(node.time().milliseconds());
    ByteBuffer bytes = batches.buffer().duplicate();
    Admission admission = plan.add(batches.buffer(), leaderEpoch, batches.origin(), null);
    timed(plan, 1);
    remember(admission, bytes);
  }

  private @Nullable Placed place(
      AppendPlan plan, PendingAppend append, int leaderEpoch, LogConfig config, long nowMs) {
    boolean isStamped =
        config.messageTimestampType() == TimestampType.LOG_APPEND_TIME
            && append.origin() != AppendOrigin.REPLICA;
    ByteBuffer bytes = append.buffer().duplicate();
    if (isStamped) {
      stamp(bytes, nowMs);
    }
    try {
      RecordBatchHeader first = new RecordBatchHeader().wrap(bytes, bytes.position());
      checkFirst(plan, append.origin(), first);
      Admission admission = plan.add(append.buffer(), leaderEpoch, append.origin(), append.terms());
      node.refusedProducers().taken(current.log().id(), first);
      return new Placed(append, admission, bytes, appendTimeMs(admission, isStamped, nowMs));
    } catch (ApiException e) {
      refuse(append, Errors.forException(e), e.getMessage());
      return null;
    }
  }

  /** A log knows of a gap before a batch only where it knows the producer. */
  private void checkFirst(AppendPlan plan, AppendOrigin origin, RecordBatchHeader batch) {
    if (origin == AppendOrigin.CLIENT
        && node.refusedProducers().isAhead(current.log().id(), batch)
        && !plan.knows(batch.producerId())) {
      throw new NotEnoughReplicasException(
          "Sequence %d of producer %d waits for a lower one that was refused here a moment ago"
              .formatted(batch.baseSequence(), batch.producerId()));
    }
  }

  private static void stamp(ByteBuffer bytes, long nowMs) {
    BatchCursor cursor = new BatchCursor(bytes);
    while (cursor.next()) {
      cursor.header().setLogAppendTime(nowMs);
    }
  }

  private static long appendTimeMs(Admission admission, boolean isStamped, long nowMs) {
    if (!isStamped) {
      return NO_TIMESTAMP;
    }
    return switch (admission) {
      case Admission.Admitted admitted -> nowMs;
      case Admission.Duplicate duplicate -> duplicate.timestampMs();
    };
  }

  /** All or nothing. A plan of duplicates alone writes nothing. */
  private List<Placed> write(AppendPlan plan, List<Placed> planned) {
    if (plan.isEmpty()) {
      return List.copyOf(planned);
    }
    try {
      timed(plan, planned.size());
    } catch (KafkaStorageException e) {
      Errors error = errorOfFailedWrite();
      planned.forEach(placed -> refuse(placed.append(), error, e.getMessage()));
      return List.of();
    }
    planned.forEach(placed -> remember(placed.admission(), placed.bytes()));
    return List.copyOf(planned);
  }

  private void timed(AppendPlan plan, int appends) {
    long startNs = node.time().nanoseconds();
    writing.begin(startNs);
    try {
      current.log().append(plan);
    } finally {
      writing.end();
      long endNs = node.time().nanoseconds();
      current.pace().wrote(endNs - startNs, endNs);
      node.meters().wrote(endNs - startNs, appends);
    }
  }

  /**
   * A log that is still online has only met a full disk, or too many open files: worth trying
   * again.
   */
  private Errors errorOfFailedWrite() {
    return current.log().offlineReason() == null
        ? DirectoryState.FULL_ERROR
        : Errors.KAFKA_STORAGE_ERROR;
  }

  private void remember(Admission admission, ByteBuffer bytes) {
    if (admission instanceof Admission.Admitted admitted) {
      tail.add(admitted.baseOffset(), admitted.lastOffset() + 1, bytes);
      warmth.appended(admitted.baseOffset(), bytes.remaining());
    }
  }

  private void refuse(PendingAppend append, Errors error, @Nullable String message) {
    node.meters().refused();
    if (error.exception() instanceof RetriableException) {
      node.refusedProducers().note(current.log().id(), append.buffer());
    }
    append.refuse(error, message, current.log().offsets().logStartOffset());
  }
}
