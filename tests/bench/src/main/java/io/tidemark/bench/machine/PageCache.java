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
   * Writes what is dirty and drops the cached pages of all files below the folder. Pages that a
   * process maps stay.
   */
  public static void drop(Path folder) throws IOException, InterruptedException {
    run(List.of("sync", "-f", folder.toString()));
    List<Path> files;
    try (Stream<Path> below = Files.walk(folder)) {
      files = below.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      // With no count and no output, dd only tells the kernel that nobody needs the pages.
      run(List.of("dd", "if=" + file, "iflag=nocache", "count=0", "status=none"));
    }
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit);
    }
  }
}
