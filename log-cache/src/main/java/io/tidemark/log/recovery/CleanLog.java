package io.tidemark.log.recovery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log was when it was closed: what a start after a clean stop believes instead of reading
 * the log, once the folder looks the same.
 *
 * @param logEndOffset the next offset to be written
 * @param activeBaseOffset base offset of the last segment
 * @param segments how many there were
 * @param sizeBytes of all of them
 * @param producers how many were known; their state is in the snapshot at the log end unless 0
 */
public record CleanLog(
    long logEndOffset, long activeBaseOffset, int segments, long sizeBytes, int producers) {
  String toLine() {
    return logEndOffset
        + " "
        + activeBaseOffset
        + " "
        + segments
        + " "
        + sizeBytes
        + " "
        + producers;
  }

  static @Nullable CleanLog parse(List<String> words) {
    if (words.size() != 5) {
      return null;
    }
    return new CleanLog(
        Long.parseLong(words.get(0)),
        Long.parseLong(words.get(1)),
        Integer.parseInt(words.get(2)),
        Long.parseLong(words.get(3)),
        Integer.parseInt(words.get(4)));
  }
}
