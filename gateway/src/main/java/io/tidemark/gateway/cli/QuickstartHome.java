package io.tidemark.gateway.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The folder a quickstart's nodes live in; a temporary one goes with them. */
record QuickstartHome(Path path, boolean isTemporary) {

  static QuickstartHome of(@Nullable Path given) throws IOException {
    return given == null
        ? new QuickstartHome(Files.createTempDirectory("tidemark-quickstart-"), true)
        : new QuickstartHome(given.toAbsolutePath(), false);
  }

  /** A node here whose segments close, upload and leave the local disk within seconds. */
  Map<String, String> nodeSettings(QuickstartPorts ports) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("listeners", "PLAINTEXT://localhost:" + ports.kafka());
    settings.put("controller.quorum.voters", "1@localhost:" + ports.quorum());
    settings.put("tidemark.http.listener", "localhost:" + ports.http());
    settings.put("log.dirs", path.resolve("data").toString());
    settings.put("tiering.store", path.resolve("store").toUri().toString());
    settings.put("tiering.upload.max.age.ms", "2000");
    settings.put("log.retention.check.interval.ms", "500");
    settings.put("log.segment.delete.delay.ms", "500");
    return settings;
  }

  /** Deletes the folder if it is temporary; again does nothing. */
  void discard() {
    if (!isTemporary || !Files.exists(path)) {
      return;
    }
    try {
      Files.walkFileTree(path, new Deletion());
    } catch (IOException e) {
      System.err.println("tidemark: cannot delete " + path + ": " + e.getMessage());
    }
  }

  /** Deletes files, then the folders they were in. */
  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException thrown)
        throws IOException {
      Files.deleteIfExists(dir);
      return FileVisitResult.CONTINUE;
    }
  }
}
