package io.tidemark.log.partition;

import io.tidemark.log.recovery.AbortedRebuild;
import java.nio.file.Path;

/**
 * Where a log lies.
 *
 * @param logDirectory the entry of {@code log.dirs}
 * @param folder the log's own
 * @param abortedRebuild shared by its segments
 */
record LogFolderPath(Path logDirectory, Path folder, AbortedRebuild abortedRebuild) {}
