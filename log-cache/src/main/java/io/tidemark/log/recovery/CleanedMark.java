package io.tidemark.log.recovery;

import io.tidemark.log.disk.CheckedLines;
import io.tidemark.log.disk.Disk;
import io.tidemark.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file {@code cleaned} in a log's folder: there before the first of its segments is replaced by
 * a compacted one, so that gaps between offsets are known to be meant. It says how far the log is
 * clean; one that is damaged says 0, and the next cleaning begins anew. {@link CheckedLines}:
 * {@code to <offset>}.
 *
 * @param toOffset below it no key has a value that is older than its newest below it
 */
public record CleanedMark(long toOffset) {
  /** A log that was never cleaned. */
  public static final CleanedMark NEVER = new CleanedMark(-1);

  private static final String TO = "to ";

  /** Whether offsets may be missing between batches. */
  public boolean mayHaveGaps() {
    return toOffset >= 0;
  }

  /** Durably: needed before the first gap, and when less is clean than was. */
  public void write(Disk disk, Path folder) throws IOException {
    disk.writeAtomically(file(folder), encoded());
  }

  /** In place and not durably: what gets lost is cleaned once more. */
  public void note(Disk disk, Path folder) throws IOException {
    disk.write(file(folder), encoded());
  }

  private ByteBuffer encoded() {
    return CheckedLines.encode(List.of(TO + toOffset));
  }

  /** What the folder says; {@link #NEVER} where there is no file. */
  public static CleanedMark read(Disk disk, Path folder) throws IOException {
    try {
      List<String> lines = CheckedLines.decode(disk.readAll(file(folder)));
      return lines == null || lines.size() != 1 || !lines.getFirst().startsWith(TO)
          ? new CleanedMark(0)
          : new CleanedMark(Long.parseLong(lines.getFirst().substring(TO.length())));
    } catch (NoSuchFileException e) {
      return NEVER;
    }
  }

  private static Path file(Path folder) {
    return folder.resolve(SegmentFiles.CLEANED_MARK);
  }
}
