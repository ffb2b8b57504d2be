package io.tidemark.gateway.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Where to begin reading: {@code beginning}, {@code end}, an offset, or a time (ISO 8601 or ms).
 */
sealed interface StartPosition {
  record Beginning() implements StartPosition {}

  record End() implements StartPosition {}

  record AtOffset(long offset) implements StartPosition {}

  record AtTime(long timestampMs) implements StartPosition {}

  static StartPosition parse(String text) {
    return switch (text) {
      case "beginning", "earliest" -> new Beginning();
      case "end", "latest" -> new End();
      default ->
          text.startsWith("@") ? new AtTime(time(text.substring(1))) : new AtOffset(offset(text));
    };
  }

  /**
   * Moves an assigned consumer there. A time later than every record means the end, and an offset
   * is held within the log as it is now: below its start are no records, but behind it are.
   */
  default void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    switch (this) {
      case Beginning _ -> consumer.seekToBeginning(partitions);
      case End _ -> consumer.seekToEnd(partitions);
      case AtOffset(long offset) -> seekToOffset(consumer, partitions, offset);
      case AtTime(long timestampMs) -> seekToTime(consumer, partitions, timestampMs);
    }
  }

  private static void seekToOffset(
      Consumer<?, ?> consumer, Collection<TopicPartition> partitions, long offset) {
    Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    for (TopicPartition partition : partitions) {
      long start = starts.getOrDefault(partition, 0L);
      long end = ends.getOrDefault(partition, offset);
      consumer.seek(partition, Math.clamp(offset, start, Math.max(start, end)));
    }
  }

  private static void seekToTime(
      Consumer<?, ?> consumer, Collection<TopicPartition> partitions, long timestampMs) {
    Map<TopicPartition, Long> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, timestampMs));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(wanted);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp at = found.get(partition);
      consumer.seek(partition, at == null ? ends.getOrDefault(partition, 0L) : at.offset());
    }
  }

  /** Milliseconds since the epoch, from ISO 8601 with a zone or from a number. */
  static long time(String text) {
    try {
      return text.chars().allMatch(Character::isDigit) && !text.isEmpty()
          ? Long.parseLong(text)
          : Instant.parse(text).toEpochMilli();
    } catch (DateTimeParseException | NumberFormatException e) {
      throw CommandFailure.usage(
          "'" + text + "' is not a time such as 2026-11-20T08:00:00Z or milliseconds");
    }
  }

  private static long offset(String text) {
    try {
      long offset = Long.parseLong(text);
      if (offset >= 0) {
        return offset;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message for everything that is not a position.
    }
    throw CommandFailure.usage(
        "--from " + text + " is none of beginning, end, an offset, or @time");
  }
}
