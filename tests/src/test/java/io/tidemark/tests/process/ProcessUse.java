package io.tidemark.tests.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process uses at a moment, as Linux tells it.
 *
 * @param handles files, sockets and others that are open
 * @param residentKib memory, in KiB
 */
record ProcessUse(long handles, long threads, long residentKib) {
  static ProcessUse of(long pid) throws IOException {
    Path proc = Path.of("/proc", Long.toString(pid));
    return new ProcessUse(
        count(proc.resolve("fd")), count(proc.resolve("task")), residentKib(proc));
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.count();
    }
  }

  private static long residentKib(Path proc) throws IOException {
    return Files.readAllLines(proc.resolve("status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
