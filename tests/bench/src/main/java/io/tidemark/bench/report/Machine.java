package io.tidemark.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the page says about where it was measured. */
final class Machine {
  private static final double KIB_PER_GIB = 1024.0 * 1024;

  private Machine() {}

  static String describe() throws IOException {
    return "%d processors (%s), %.0f GiB of memory, Linux %s, Java %s."
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            field("/proc/cpuinfo", "model name"),
            Double.parseDouble(field("/proc/meminfo", "MemTotal").split(" ", -1)[0]) / KIB_PER_GIB,
            System.getProperty("os.version"),
            System.getProperty("java.version"));
  }

  private static String field(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).trim())
        .findFirst()
        .orElse("0");
  }
}
