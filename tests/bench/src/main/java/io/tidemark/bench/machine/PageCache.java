package io.tidemark.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The kernel's cache of files, as far as a user may empty it. */
public final class PageCache {
  private PageCache() {}

  /**
   * Writes what is dirty and drops the cached pages of a topic's files. Pages that a process maps
   * stay.
   *
   * @param folder holds a folder for each partition, named {@code <topic>-<partition>}
   */
  public static void drop(Path folder, String topic) throws IOException, InterruptedException {
    run(List.of("sync", "-f", folder.toString()));
    List<Path> files;
    try (Stream<Path> below = Files.walk(folder)) {
      files = below.filter(file -> isOf(topic, file)).toList();
    }
    for (Path file : files) {
      // With no count and no output, dd only tells the kernel that nobody needs the pages.
      run(List.of("dd", "if=" + file, "iflag=nocache", "count=0", "status=none"));
    }
  }

  private static boolean isOf(String topic, Path file) {
    Path partition = file.getParent();
    return Files.isRegularFile(file)
        && partition != null
        && partition.getFileName().toString().startsWith(topic + "-");
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit);
    }
  }
}
