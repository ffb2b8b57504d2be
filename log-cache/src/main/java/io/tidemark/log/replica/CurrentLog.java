package io.tidemark.log.replica;

import io.tidemark.log.partition.PartitionLog;
import java.util.function.Function;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/**
 * The log of a replica, and the directory it lies in: others once the replica has moved. Changed in
 * the partition's turn; read by any thread, each time anew.
 */
final class CurrentLog {
  private record Place(PartitionLog log, DirectoryState directory) {}

  // Volatile because readers look at any time.
  private volatile Place place;

  // Volatile because the stall check of another thread reads it.
  private volatile @Nullable DirectoryState joining;

  CurrentLog(PartitionLog log, DirectoryState directory) {
    this.place = new Place(log, directory);
  }

  PartitionLog log() {
    return place.log();
  }

  DirectoryState directory() {
    return place.directory();
  }

  DirectoryPace pace() {
    return place.directory().pace();
  }

  /** Whose disk is waited for at the moment: while it moves, that of the directory it moves to. */
  DirectoryState waitsFor() {
    DirectoryState joined = joining;
    return joined == null ? place.directory() : joined;
  }

  void joins(@Nullable DirectoryState directory) {
    joining = directory;
  }

  void moved(PartitionLog log, DirectoryState directory) {
    place = new Place(log, directory);
  }

  /** Looks something up, once more when the log has moved away meanwhile. */
  <T> T read(Function<PartitionLog, T> read) {
    while (true) {
      PartitionLog seen = log();
      try {
        return read.apply(seen);
      } catch (KafkaStorageException e) {
        if (seen == log()) {
          throw e;
        }
      }
    }
  }
}
