package io.tidemark.log.partition;

import java.nio.file.Path;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The names of logs' folders: {@code <topic>-<partition>}, and what deletion makes of them. */
final class LogFolderName {
  private static final String DELETED = "-delete";
  private static final String ASIDE = "-stray";
  private static final int MAX_CHARS = 255;

  private LogFolderName() {}

  static String of(TopicPartition partition) {
    return partition.topic() + "-" + partition.partition();
  }

  /** The name of a deleted log's folder, which no new log of that name gets in the way of. */
  static String deleted(TopicIdPartition id) {
    String suffix = "." + id.topicId() + DELETED;
    String name = of(id.topicPartition());
    return name.substring(0, Math.min(name.length(), MAX_CHARS - suffix.length())) + suffix;
  }

  /** As {@link #deleted(TopicIdPartition)}, a name that is free. */
  static Path deleted(Path folder, TopicIdPartition id, Predicate<Path> isTaken) {
    String name = of(id.topicPartition());
    for (int i = 1; ; i++) {
      String suffix = "." + id.topicId() + "." + i + DELETED;
      String cut = name.substring(0, Math.min(name.length(), MAX_CHARS - suffix.length()));
      Path deleted = folder.resolveSibling(cut + suffix);
      if (!isTaken.test(deleted)) {
        return deleted;
      }
    }
  }

  /** A name that is free, for a folder that stands where a log's has to be. */
  static Path aside(Path folder, Predicate<Path> isTaken) {
    String name = String.valueOf(folder.getFileName());
    for (int i = 1; ; i++) {
      String suffix = "." + i + ASIDE;
      String cut = name.substring(0, Math.min(name.length(), MAX_CHARS - suffix.length()));
      Path aside = folder.resolveSibling(cut + suffix);
      if (!isTaken.test(aside)) {
        return aside;
      }
    }
  }

  static boolean isDeleted(Path folder) {
    return String.valueOf(folder.getFileName()).endsWith(DELETED);
  }

  /** The partition of a folder's name; null when it is not a log's. */
  static @Nullable TopicPartition parse(Path folder) {
    String name = String.valueOf(folder.getFileName());
    int dash = name.lastIndexOf('-');
    if (dash <= 0 || dash == name.length() - 1) {
      return null;
    }
    try {
      int partition = Integer.parseInt(name.substring(dash + 1));
      return partition < 0 ? null : new TopicPartition(name.substring(0, dash), partition);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
