package io.tidemark.tests.process;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * A small real file system, for a disk that really fills up. Mounting one takes root: where that is
 * not so, the test that wants it is skipped. Unmounted by its owner's {@link #close}.
 */
record Tmpfs(Path path) implements AutoCloseable {

  /** Mounts one at a folder, which is made; {@code options} as for {@code mount -o}. */
  static Tmpfs mount(Path folder, String options) throws IOException {
    Files.createDirectories(folder);
    String refused = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
    Assumptions.assumeTrue(refused.isEmpty(), "no tmpfs can be mounted: " + refused);
    return new Tmpfs(folder);
  }

  @Override
  public void close() throws IOException {
    run("umount", "-l", path.toString());
  }

  /** Runs a command; empty when it succeeds, else what it says. */
  static String run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : command[0] + ": " + said.strip();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      throw new InterruptedIOException(command[0]);
    }
  }
}
