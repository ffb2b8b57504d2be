package io.tidemark.gateway.config;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A topic's list of throttled replicas as Kafka writes it: {@code *} for all, or {@code
 * partition:node} separated by commas.
 */
public final class ThrottledList {
  static final String ALL = "*";
  private static final Pattern REPLICA = Pattern.compile("\\d{1,9}:\\d{1,9}");

  private ThrottledList() {}

  /** Whether a list has a replica of a partition on a node. */
  public static boolean names(String list, int partition, int nodeId) {
    if (list.isBlank()) {
      return false;
    }
    String replica = partition + ":" + nodeId;
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .anyMatch(entry -> entry.equals(ALL) || entry.equals(replica));
  }

  static boolean isWellFormed(Object value) {
    return value instanceof List<?> entries
        && (entries.equals(List.of(ALL))
            || entries.stream().allMatch(entry -> REPLICA.matcher((String) entry).matches()));
  }
}
