package io.tidemark.bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The object store over HTTP as a process of its own. Closing it kills it, by its pid. */
public final class S3Process implements AutoCloseable {
  private final Process process;
  private final URI endpoint;

  private S3Process(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Keeps its objects below the folder, and what it logs beside them. */
  public static S3Process start(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            S3Main.class.getName(),
            folder.resolve("objects").toString());
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("s3.log").toFile()).start();
    // Not closed: its pipe stays open as long as the process prints.
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    if (line == null) {
      process.destroyForcibly();
      throw new IOException("S3Proxy ended:\n" + Server.logTail(folder.resolve("s3.log")));
    }
    return new S3Process(process, URI.create(line));
  }

  public long pid() {
    return process.pid();
  }

  public ColdTier.S3 coldTier() {
    return new ColdTier.S3(endpoint, S3Main.BUCKET, S3Main.ACCESS_KEY_ID, S3Main.SECRET_ACCESS_KEY);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
