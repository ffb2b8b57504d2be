package io.tidemark.log.partition;

import io.tidemark.log.disk.ShortageException;
import io.tidemark.log.recovery.CleanedMark;
import io.tidemark.log.segment.Segment;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a log is compacted, and the replacement of closed segments by compacted ones.
 *
 * <pre>
 *   CleanedSegment, any thread     written and forced as  B-N.cleaned      a start removes it
 *   replace, the appender      1   B-N.cleaned      ─▶ B-N.swap            from here on a start completes it
 *                              2   the old segments ─▶ ….deleted           readers that have them read on
 *                              3   B-N.swap         ─▶ B.log
 *                              4   published: the next read sees it
 * </pre>
 *
 * Renames within a folder reach the disk in their order, so nothing is forced between them and the
 * appender waits for no disk. {@link #replace} and {@link #finished} are called by the log's one
 * appender, the rest by any thread.
 */
public final class LogCompaction {
  private static final Logger log = LoggerFactory.getLogger(LogCompaction.class);

  private final PartitionLog partition;
  private final LogContext context;
  private final LogPlace place;
  private final SegmentRemoval removal;

  // Volatile because cleaners look while the appender writes.
  private volatile CleanedMark cleaned;

  LogCompaction(
      PartitionLog partition,
      LogContext context,
      LogPlace place,
      SegmentRemoval removal,
      CleanedMark cleaned) {
    this.partition = partition;
    this.context = context;
    this.place = place;
    this.removal = removal;
    this.cleaned = cleaned;
  }

  /** Below it no key has an older value than its newest below it; 0 where nothing is clean. */
  public long cleanedTo() {
    return Math.max(0, cleaned.toOffset());
  }

  /** Whether offsets may be missing between batches, whatever the topic's policy is by now. */
  boolean mayHaveGaps() {
    return cleaned.mayHaveGaps();
  }

  /**
   * Everything that is closed is forced: compacting does not make durable what the log itself may
   * still lose.
   */
  public void flushClosed() {
    context.checkOnline();
    partition.flusher().flush(partition.state().active().baseOffset());
  }

  /** A segment to be written in place of those with offsets {@code [baseOffset, nextOffset)}. */
  public CleanedSegment begin(long baseOffset, long nextOffset) throws IOException {
    context.checkOnline();
    return new CleanedSegment(
        context.disk(),
        place.folder(),
        new SegmentFiles.Range(baseOffset, nextOffset),
        partition.config().indexIntervalBytes());
  }

  /** Makes the renames of replacements durable. */
  public void sync() throws IOException {
    context.disk().syncDirectory(place.folder());
  }

  /** Notes, durably, that the log may have gaps from now on: compacted here, or by its leader. */
  public void expectGaps() throws IOException {
    context.checkOnline();
    if (!cleaned.mayHaveGaps()) {
      CleanedMark mark = new CleanedMark(0);
      mark.write(context.disk(), place.folder());
      cleaned = mark;
    }
  }

  /**
   * Puts a finished segment in the place of closed ones.
   *
   * @param sources neighbours, in order, as {@link PartitionLog#closedSegments} gave them
   * @return false, with nothing changed, when the log does not have all of them any more
   */
  public boolean replace(List<ClosedSegment> sources, CleanedSegment replacement) {
    context.checkOnline();
    LogState state = partition.state();
    List<Segment> old = sources.stream().map(source -> ((StoredSegment) source).segment()).toList();
    int at = state.segments().indexOf(old.getFirst());
    int end = at + old.size();
    if (at < 0
        || end >= state.segments().size()
        || !state.segments().subList(at, end).equals(old)) {
      return false;
    }
    if (!isBegun(replacement)) {
      return false;
    }
    try {
      swap(state, at, end, replacement);
      return true;
    } catch (IOException e) {
      throw context.brokenBy("Replacing segments of " + partition.id(), e);
    }
  }

  /** The first rename; as long as it has not happened nothing has. */
  private boolean isBegun(CleanedSegment replacement) {
    Path folder = place.folder();
    try {
      context.disk().move(replacement.range().cleaned(folder), replacement.range().swap(folder));
      return true;
    } catch (NoSuchFileException e) {
      // Somebody removed it: what was a left-over to them.
      return false;
    } catch (IOException e) {
      throw context.writeFailed("Replacing segments of " + partition.id(), e);
    }
  }

  private void swap(LogState state, int at, int end, CleanedSegment replacement)
      throws IOException {
    for (Segment segment : state.segments().subList(at, end)) {
      removal.drop(segment);
    }
    context
        .disk()
        .move(
            replacement.range().swap(place.folder()),
            SegmentFiles.log(place.folder(), replacement.baseOffset()));
    List<Segment> segments = new ArrayList<>(state.segments().subList(0, at));
    segments.add(opened(replacement));
    segments.addAll(state.segments().subList(end, state.segments().size()));
    List<Segment> published = List.copyOf(segments);
    place.abortedRebuild().segments(published);
    partition.publish(state.withSegments(published), partition.lineage());
    partition.flusher().namesChanged();
    // Only those at the start of a segment are ever looked for.
    removal.dropSnapshots(
        offset -> offset > replacement.baseOffset() && offset < replacement.nextOffset());
  }

  private Segment opened(CleanedSegment replacement) throws IOException {
    Segment segment =
        new Segment(
            context.store(),
            place.folder(),
            replacement.baseOffset(),
            replacement.sizeBytes(),
            place.abortedRebuild());
    segment.activate(replacement.index());
    try {
      segment.writeActiveIndex();
    } catch (ShortageException e) {
      log.debug("{} does without index files: {}", segment, e.getMessage());
    }
    segment.close();
    return segment;
  }

  /** The log is clean up to an offset. */
  public void finished(long toOffset) {
    context.checkOnline();
    CleanedMark mark = new CleanedMark(toOffset);
    try {
      mark.note(context.disk(), place.folder());
      cleaned = mark;
    } catch (IOException e) {
      throw context.writeFailed("Noting how far " + partition.id() + " is clean", e);
    }
  }

  /** The log was cut to this end, or begins anew there. */
  void cutTo(long offset) throws IOException {
    if (cleaned.toOffset() > offset) {
      cleaned = new CleanedMark(offset);
      cleaned.write(context.disk(), place.folder());
    }
  }
}
