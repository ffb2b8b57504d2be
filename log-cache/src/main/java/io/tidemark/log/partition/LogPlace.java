package io.tidemark.log.partition;

import io.tidemark.log.recovery.AbortedRebuild;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a log lies. The folder of a new log is made when it is first written to, by its appender: a
 * log that holds nothing costs no file. Everything else is safe from any thread.
 */
final class LogPlace {
  private final Path logDirectory;
  private final Path folder;
  private final AbortedRebuild abortedRebuild;

  // Volatile because a deletion asks on its own thread; null once the folder is there.
  private volatile @Nullable Making making;

  /** Makes the folder of a new log with what every log has; may be tried again when it fails. */
  @FunctionalInterface
  interface Making {
    void make() throws IOException;
  }

  /**
   * A log's place.
   *
   * @param logDirectory the entry of {@code log.dirs}
   * @param folder the log's own
   * @param abortedRebuild shared by its segments
   * @param making of the folder; null when it is there
   */
  LogPlace(Path logDirectory, Path folder, AbortedRebuild abortedRebuild, @Nullable Making making) {
    this.logDirectory = logDirectory;
    this.folder = folder;
    this.abortedRebuild = abortedRebuild;
    this.making = making;
  }

  Path logDirectory() {
    return logDirectory;
  }

  Path folder() {
    return folder;
  }

  AbortedRebuild abortedRebuild() {
    return abortedRebuild;
  }

  /** Whether the folder is there. */
  boolean isMade() {
    return making == null;
  }

  /** Makes the folder unless it is there; to be called before anything is written into it. */
  void make() throws IOException {
    Making unmade = making;
    if (unmade != null) {
      unmade.make();
      making = null;
    }
  }
}
