package io.tidemark.log.segment;

import io.tidemark.log.index.IndexKind;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The names in a log's folder, as Kafka gives them.
 *
 * <pre>
 * 00000000000000000000.log             batches, byte for byte as on the wire
 * 00000000000000000000.index           sparse offset index   \
 * 00000000000000000000.timeindex       sparse time index      } written when the segment closes
 * 00000000000000000000.txnindex        aborted transactions  /
 * 00000000000000000000.snapshot        producers as they are at that offset
 * leader-epoch-checkpoint              which epochs wrote what
 * partition.metadata                   the topic's id
 * partition.copy                       the same, in a copy of a log that is no log yet
 * moving-to                            where a log's copy is about to take over
 * recovery-point                       only after a truncation below what is checkpointed
 * cleaned                              how far a compacted log is clean
 * <base offset>-<next offset>.cleaned  a compacted segment while it is written
 * <base offset>-<next offset>.swap     the same, whole, about to replace the segments of its offsets
 * … .deleted, … .tmp                   to be removed
 * </pre>
 */
public final class SegmentFiles {
  public static final String LOG = ".log";
  public static final String SNAPSHOT = ".snapshot";
  public static final String DELETED = ".deleted";
  public static final String TEMPORARY = ".tmp";
  public static final String EPOCHS = "leader-epoch-checkpoint";
  public static final String METADATA = "partition.metadata";
  public static final String COPY = "partition.copy";
  public static final String MOVING = "moving-to";
  public static final String RECOVERY_POINT = "recovery-point";
  public static final String CLEANED_MARK = "cleaned";
  public static final String CLEANED = ".cleaned";
  public static final String SWAP = ".swap";

  private static final int DIGITS = 20;

  private SegmentFiles() {}

  public static Path log(Path folder, long baseOffset) {
    return folder.resolve(digits(baseOffset) + LOG);
  }

  public static Path index(Path folder, long baseOffset, IndexKind kind) {
    return folder.resolve(digits(baseOffset) + kind.suffix());
  }

  public static Path snapshot(Path folder, long offset) {
    return folder.resolve(digits(offset) + SNAPSHOT);
  }

  /** Offsets {@code [baseOffset, nextOffset)} that one compacted segment stands for. */
  public record Range(long baseOffset, long nextOffset) {
    public Path cleaned(Path folder) {
      return folder.resolve(digits(baseOffset) + "-" + digits(nextOffset) + CLEANED);
    }

    public Path swap(Path folder) {
      return folder.resolve(digits(baseOffset) + "-" + digits(nextOffset) + SWAP);
    }

    /** The range in the name of a swap file; empty for any other name. */
    public static Optional<Range> ofSwap(Path file) {
      String[] halves = String.valueOf(file.getFileName()).split("-", 2);
      if (halves.length < 2) {
        return Optional.empty();
      }
      OptionalLong base = offset(Path.of(halves[0]), "");
      OptionalLong next = offset(Path.of(halves[1]), SWAP);
      return base.isPresent() && next.isPresent()
          ? Optional.of(new Range(base.getAsLong(), next.getAsLong()))
          : Optional.empty();
    }
  }

  /** The offset in a name made of 20 digits and this suffix; empty for any other name. */
  public static OptionalLong offset(Path file, String suffix) {
    String name = String.valueOf(file.getFileName());
    if (name.length() != DIGITS + suffix.length() || !name.endsWith(suffix)) {
      return OptionalLong.empty();
    }
    for (int i = 0; i < DIGITS; i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return OptionalLong.empty();
      }
    }
    try {
      return OptionalLong.of(Long.parseLong(name.substring(0, DIGITS)));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static String digits(long offset) {
    return String.format(Locale.ROOT, "%020d", offset);
  }
}
