package io.tidemark.tiering.store.directory;

import io.tidemark.log.disk.Disk;
import io.tidemark.tiering.store.ListPage;
import io.tidemark.tiering.store.ObjectInfo;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One listing of a folder tree in the order of the keys' bytes, into as few folders as the prefix
 * and the start allow. What vanishes on the way is left out. One thread, one use.
 */
final class KeyWalk {
  private final Disk disk;
  private final Path root;
  private final String prefix;
  private final String startAfter;
  private final int max;
  private final List<ObjectInfo> found = new ArrayList<>();

  KeyWalk(Disk disk, Path root, String prefix, @Nullable String startAfter, int max) {
    this.disk = disk;
    this.root = root;
    this.prefix = prefix;
    this.startAfter = startAfter == null ? "" : startAfter;
    this.max = max;
  }

  ListPage page() throws IOException {
    boolean isLast = walk(root, "");
    return new ListPage(found, isLast);
  }

  /** False when the page is full and something is left. */
  private boolean walk(Path folder, String folderKey) throws IOException {
    for (Entry entry : entries(folder, folderKey)) {
      boolean isWhole =
          entry.isFolder ? !mayHold(entry.key) || walk(entry.path, entry.key) : visit(entry);
      if (!isWhole) {
        return false;
      }
    }
    return true;
  }

  private boolean visit(Entry entry) throws IOException {
    if (!entry.key.startsWith(prefix) || entry.key.compareTo(startAfter) <= 0) {
      return true;
    }
    if (found.size() == max) {
      return false;
    }
    try {
      found.add(new ObjectInfo(entry.key, disk.sizeBytes(entry.path)));
    } catch (NoSuchFileException e) {
      // Deleted since the folder was read.
    }
    return true;
  }

  /** Whether keys below this folder can have the prefix and come after the start. */
  private boolean mayHold(String folderKey) {
    boolean isOnPrefix = folderKey.startsWith(prefix) || prefix.startsWith(folderKey);
    return isOnPrefix && (folderKey.compareTo(startAfter) > 0 || startAfter.startsWith(folderKey));
  }

  /** A folder sorts as its name and a slash: that is how its keys go on. */
  private List<Entry> entries(Path folder, String folderKey) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path path : childrenOf(folder)) {
      String name = String.valueOf(path.getFileName());
      boolean isFolder = disk.isDirectory(path);
      if (!name.startsWith(".")) {
        entries.add(new Entry(path, folderKey + name + (isFolder ? "/" : ""), isFolder));
      }
    }
    entries.sort(Comparator.comparing(Entry::key));
    return entries;
  }

  private List<Path> childrenOf(Path folder) throws IOException {
    try {
      return disk.list(folder);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private record Entry(Path path, String key, boolean isFolder) {}
}
