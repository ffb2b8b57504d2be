package io.tidemark.log.segment;

import io.tidemark.log.index.ActiveIndex;
import io.tidemark.log.index.IndexFile;
import io.tidemark.log.index.IndexKind;
import io.tidemark.log.index.SegmentIndexes;
import io.tidemark.log.index.TransactionIndexEntries;
import io.tidemark.log.producer.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the indexes beside a closed segment, and makes them anew from its batches when one is
 * missing, stale or damaged. Stateless.
 */
public final class IndexRebuild {
  private static final Logger log = LoggerFactory.getLogger(IndexRebuild.class);

  /** A rebuilt index is as dense as the default; the setting may have changed anyway. */
  private static final int INTERVAL_BYTES = 4096;

  private IndexRebuild() {}

  static SegmentIndexes loadOrRebuild(Segment segment) throws IOException {
    SegmentIndexes written = load(segment);
    if (written != null) {
      return written;
    }
    log.info("Rebuilding the indexes of {}", segment.file());
    SegmentIndexes rebuilt =
        rebuild(segment, segment.sizeBytes(), INTERVAL_BYTES, aborted(segment)).freeze();
    keep(segment, rebuilt);
    return rebuilt;
  }

  /** A deleted segment, or a full disk, does without the file. */
  private static void keep(Segment segment, SegmentIndexes rebuilt) {
    if (!segment.isInPlace()) {
      return;
    }
    try {
      segment.writeIndexes(rebuilt);
    } catch (IOException e) {
      log.warn("Writing the indexes of {} failed: {}", segment.file(), e.getMessage());
    }
  }

  /** What is beside the segment; null when any of it is missing, stale or damaged. */
  public static @Nullable SegmentIndexes load(Segment segment) throws IOException {
    ByteBuffer offset = load(segment, IndexKind.OFFSET);
    ByteBuffer time = load(segment, IndexKind.TIME);
    ByteBuffer transaction = load(segment, IndexKind.TRANSACTION);
    if (offset == null || time == null || transaction == null) {
      return null;
    }
    return new SegmentIndexes(offset, time, transaction);
  }

  private static @Nullable ByteBuffer load(Segment segment, IndexKind kind) throws IOException {
    Path file = SegmentFiles.index(segment.folder(), segment.baseOffset(), kind);
    try {
      return IndexFile.decode(kind, segment.store().disk().readAll(file), segment.sizeBytes());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static List<AbortedTransaction> aborted(Segment segment) throws IOException {
    ByteBuffer written = load(segment, IndexKind.TRANSACTION);
    return written == null
        ? segment.abortedSource().abortedIn(segment)
        : TransactionIndexEntries.all(written);
  }

  /** Walks the batches in the first bytes of a segment. */
  public static ActiveIndex rebuild(
      Segment segment, long sizeBytes, int indexIntervalBytes, List<AbortedTransaction> aborted)
      throws IOException {
    ActiveIndex index = new ActiveIndex();
    OpenFile file = segment.acquire();
    try {
      BatchWalker walker = new BatchWalker(file.file(), 0, sizeBytes);
      while (walker.next()) {
        segment.index(index, walker.header(), walker.position(), indexIntervalBytes);
      }
    } finally {
      file.release();
    }
    aborted.forEach(index::add);
    return index;
  }
}
