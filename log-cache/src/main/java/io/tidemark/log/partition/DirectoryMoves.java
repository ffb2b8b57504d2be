package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.recovery.AbortedRebuild;
import io.tidemark.log.recovery.LogLoader;
import io.tidemark.log.segment.Segment;
import io.tidemark.log.segment.SegmentStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What moves between the directories of a node have in one of them: copies that are no logs yet,
 * and folders whose logs have gone. Both have a log's name, so whoever makes a log of that name
 * {@link #clear}s it first. Safe from any thread. A copy's monitor guards its folder, to which
 * nobody may write once it has another name.
 */
final class DirectoryMoves {
  private static final Logger log = LoggerFactory.getLogger(DirectoryMoves.class);

  private final Path directory;
  private final SegmentStore store;
  private final Supplier<LogContext> contexts;
  private final Map<TopicIdPartition, PartitionLog> copies = new ConcurrentHashMap<>();
  private final Map<TopicIdPartition, PartitionLog> leftBehind = new ConcurrentHashMap<>();

  /** Copies of an earlier process, which nobody goes on with. */
  private final Set<TopicIdPartition> broken = ConcurrentHashMap.newKeySet();

  /**
   * The moves of one directory.
   *
   * @param contexts makes the context of a log
   */
  DirectoryMoves(Path directory, SegmentStore store, Supplier<LogContext> contexts) {
    this.directory = directory;
    this.store = store;
    this.contexts = contexts;
  }

  /** A copy that was under way when the last process ended. */
  void foundBroken(TopicIdPartition id) {
    broken.add(id);
  }

  List<TopicIdPartition> broken() {
    return List.copyOf(broken);
  }

  /** The directory has failed. */
  void offline(String reason) {
    copies.values().forEach(each -> each.offline(reason));
    leftBehind.values().forEach(each -> each.offline(reason));
  }

  /**
   * Begins a copy where the log's local part begins. That there is to be one is durable when this
   * returns.
   */
  synchronized PartitionLog begin(PartitionLog source) throws IOException {
    TopicIdPartition id = source.id();
    Path folder = folder(id);
    Disk disk = store.disk();
    disk.createDirectories(folder);
    PartitionMetadata.writeOfCopy(disk, folder, id.topicId());
    disk.syncDirectory(directory);
    PartitionLog.Beginning beginning = source.beginning();
    AbortedRebuild abortedRebuild = new AbortedRebuild();
    Segment first = Segment.unmade(store, folder, beginning.offset(), abortedRebuild);
    LogPlace place = new LogPlace(directory, folder, abortedRebuild, first::createFile);
    LogCheckpoints anew =
        new LogCheckpoints(beginning.offset(), beginning.offset(), OptionalLong.empty());
    PartitionLog copy =
        new PartitionLog(id, place, contexts.get(), source.config(), LogLoader.unmade(first), anew);
    copy.truncateFullyAndStartAt(beginning.offset(), beginning.lineage(), beginning.producers());
    copies.put(id, copy);
    return copy;
  }

  /** The copy, whole and forced, becomes the log; see {@link LogCopy}. */
  synchronized void promote(PartitionLog copy) throws IOException {
    if (copies.get(copy.id()) != copy) {
      throw new KafkaStorageException("The copy of " + copy.id() + " was given up");
    }
    PartitionMetadata.promoteCopy(store.disk(), folder(copy.id()));
    copies.remove(copy.id());
  }

  /** The log has moved away; its folder stays for those who still read it. */
  void leftBehind(PartitionLog source) {
    leftBehind.put(source.id(), source);
  }

  /** Gives up a copy, unless it is the log by now or another has been begun. */
  synchronized void discard(PartitionLog copy) throws IOException {
    if (copies.get(copy.id()) == copy) {
      discard(copy.id());
    }
  }

  /** Takes away what a log left behind, unless that has gone. */
  synchronized void forget(PartitionLog source) throws IOException {
    if (leftBehind.get(source.id()) == source) {
      discard(source.id());
    }
  }

  /** Takes away whatever moves have left of this partition. */
  void discard(TopicIdPartition id) throws IOException {
    if (copies.containsKey(id) || leftBehind.containsKey(id) || broken.contains(id)) {
      takeAway(id);
    }
  }

  private synchronized void takeAway(TopicIdPartition id) throws IOException {
    PartitionLog copy = copies.remove(id);
    PartitionLog left = leftBehind.remove(id);
    if (left != null) {
      left.close("it has moved");
    }
    boolean wasBroken = broken.remove(id);
    if (copy != null) {
      synchronized (copy) {
        copy.close("its copying was given up");
        remove(id, folder(id));
      }
    } else if (wasBroken || (left != null && left.hasFolder())) {
      remove(id, folder(id));
    }
  }

  /** Frees the name of a log for this partition. */
  synchronized void clear(TopicIdPartition id) throws IOException {
    Set<TopicIdPartition> namesakes = new LinkedHashSet<>(broken);
    namesakes.addAll(copies.keySet());
    namesakes.addAll(leftBehind.keySet());
    for (TopicIdPartition other : namesakes) {
      if (other.topicPartition().equals(id.topicPartition())) {
        discard(other);
      }
    }
  }

  /** Those who read what was left behind have had their time; a stop, and the directory's disk. */
  void discardLeftBehind() {
    for (TopicIdPartition id : List.copyOf(leftBehind.keySet())) {
      try {
        discard(id);
      } catch (IOException e) {
        log.warn("{} is left to the next start: {}", folder(id), e.getMessage());
      }
    }
  }

  /**
   * Gives a folder a name that no start takes for a log's, durably, and removes it. Its files go
   * only then: a folder that has lost its marks must never pass for the log again.
   */
  void remove(TopicIdPartition id, Path folder) throws IOException {
    Disk disk = store.disk();
    Path renamed = LogFolderName.deleted(folder, id, disk::exists);
    disk.move(folder, renamed);
    disk.syncDirectory(directory);
    contexts.get().later(0, () -> removeFolder(renamed));
  }

  private void removeFolder(Path folder) {
    Disk disk = store.disk();
    try {
      for (Path file : disk.list(folder)) {
        disk.delete(file);
      }
      disk.delete(folder);
    } catch (IOException e) {
      log.warn("Removing {} failed: {}", folder, e.getMessage());
    }
  }

  private Path folder(TopicIdPartition id) {
    return directory.resolve(LogFolderName.of(id.topicPartition()));
  }
}
