package io.tidemark.log.epoch;

import io.tidemark.log.disk.CheckedLines;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lineage as it is stored beside the log in {@code leader-epoch-checkpoint}: {@link
 * CheckedLines}, one for each entry, oldest first, {@code <epoch> <first offset>}. A damaged one is
 * rebuilt from the batches, which carry their epoch.
 */
public final class EpochCheckpoint {
  private EpochCheckpoint() {}

  public static ByteBuffer encode(EpochLineage lineage) {
    return CheckedLines.encode(
        lineage.entries().stream().map(e -> e.epoch() + " " + e.startOffset()).toList());
  }

  /** The lineage in a file's bytes; null when they are damaged. */
  public static @Nullable EpochLineage decode(byte[] bytes) {
    List<String> lines = CheckedLines.decode(bytes);
    if (lines == null) {
      return null;
    }
    try {
      List<EpochEntry> entries = new ArrayList<>(lines.size());
      for (String line : lines) {
        entries.add(parse(line));
      }
      return EpochLineage.of(entries);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private static EpochEntry parse(String line) {
    int space = line.indexOf(' ');
    return new EpochEntry(
        Integer.parseInt(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
  }
}
