package io.tidemark.log.recovery;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.disk.Disk;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.producer.ProducerPlan;
import io.tidemark.log.producer.ProducerSnapshot;
import io.tidemark.log.producer.ProducerState;
import io.tidemark.log.producer.ProducerTable;
import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.segment.BatchWalker;
import io.tidemark.log.segment.OpenFile;
import io.tidemark.log.segment.Segment;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the state of a log's producers again from what is on disk: the newest good snapshot at or
 * before an offset, then the batches behind it. Used by the thread that loads or truncates the log.
 */
public final class ProducerReplay {
  private final ProducerTable table;

  private ProducerReplay(ProducerTable table) {
    this.table = table;
  }

  /** Goes on from a table. */
  static ProducerReplay from(ProducerTable table) {
    return new ProducerReplay(table);
  }

  /** The producers as they were when this was the log's end; segments in order, from the first. */
  public static ProducerTable at(long offset, List<Segment> segments) throws IOException {
    Start start = start(offset, segments);
    ProducerReplay replay = new ProducerReplay(start.table);
    for (Segment segment : segments.subList(start.firstSegment, segments.size())) {
      if (segment.baseOffset() < offset) {
        replay.walk(segment, offset);
      }
    }
    return start.table;
  }

  private record Start(ProducerTable table, int firstSegment) {}

  /** The newest snapshot that lies at the start of a segment, or at the offset itself. */
  private static Start start(long offset, List<Segment> segments) throws IOException {
    if (segments.isEmpty()) {
      return new Start(new ProducerTable(), 0);
    }
    Segment first = segments.getFirst();
    ProducerTable atOffset = read(first.store().disk(), first.folder(), offset);
    if (atOffset != null) {
      return new Start(atOffset, segments.size());
    }
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      if (segment.baseOffset() < offset) {
        ProducerTable table = read(first.store().disk(), first.folder(), segment.baseOffset());
        if (table != null) {
          return new Start(table, i);
        }
      }
    }
    return new Start(new ProducerTable(), 0);
  }

  /** The snapshot at an offset; null when there is none or it is damaged. */
  public static @Nullable ProducerTable read(Disk disk, Path folder, long offset)
      throws IOException {
    try {
      byte[] bytes = disk.readAll(SegmentFiles.snapshot(folder, offset));
      List<ProducerState> producers = ProducerSnapshot.decode(ByteBuffer.wrap(bytes));
      return producers == null ? null : ProducerTable.of(producers);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** The aborted transactions whose markers lie in a segment. */
  public static List<AbortedTransaction> abortedIn(Segment segment, List<Segment> before)
      throws IOException {
    ProducerReplay replay = new ProducerReplay(at(segment.baseOffset(), before));
    return replay.walk(segment, Long.MAX_VALUE);
  }

  private List<AbortedTransaction> walk(Segment segment, long endOffset) throws IOException {
    List<AbortedTransaction> aborted = new ArrayList<>();
    OpenFile file = segment.acquire();
    try {
      BatchWalker walker = new BatchWalker(file.file(), 0, segment.sizeBytes());
      while (walker.next() && walker.header().baseOffset() < endOffset) {
        if (walker.header().hasProducerId()) {
          aborted.addAll(fold(walker));
        }
      }
    } finally {
      file.release();
    }
    return aborted;
  }

  private List<AbortedTransaction> fold(BatchWalker walker) throws IOException {
    if (!walker.header().isControl()) {
      return fold(walker.header(), null);
    }
    ByteBuffer batch = walker.readBatch();
    RecordBatchHeader header = new RecordBatchHeader().wrap(batch, 0);
    return fold(header, ControlBatches.marker(batch, header));
  }

  /** Takes a batch of the log into the state; returns the transactions it aborted. */
  List<AbortedTransaction> fold(RecordBatchHeader header, @Nullable TransactionMarker marker) {
    if (!header.hasProducerId()) {
      return List.of();
    }
    ProducerPlan plan = new ProducerPlan(table);
    if (!header.isControl()) {
      plan.append(header, AppendOrigin.REPLICA, null);
    } else if (marker != null) {
      plan.appendMarker(header, marker, AppendOrigin.REPLICA, null);
    }
    return plan.commit();
  }
}
