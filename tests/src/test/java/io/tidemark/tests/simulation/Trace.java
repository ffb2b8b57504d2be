package io.tidemark.tests.simulation;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a run did, in order, as one number: two runs share it exactly when they took the same steps,
 * drew the same numbers and sent, stored and committed the same bytes, all at the same times.
 *
 * <p>With {@code -Dtidemark.trace=FOLDER} every run also writes itself into a file there, a line a
 * note. The first line in which two files of one seed differ shows where something came from
 * elsewhere than from the seed.
 */
public final class Trace {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final @Nullable PrintWriter lines;
  private long digest;

  Trace(long seed) {
    String folder = System.getProperty("tidemark.trace");
    this.lines = folder == null ? null : open(Path.of(folder), seed);
  }

  private static PrintWriter open(Path folder, long seed) {
    for (int run = 1; ; run++) {
      Path file = folder.resolve("seed-%d.run-%d.trace".formatted(seed, run));
      try {
        Files.createDirectories(folder);
        return new PrintWriter(
            Files.newBufferedWriter(
                file,
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE));
      } catch (FileAlreadyExistsException e) {
        // of an earlier run
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Something happened: what, to whom, and a number that says more. */
  void note(long nowNs, String what, Object whom, long detail) {
    mix(nowNs);
    mix(what.hashCode());
    mix(whom.toString().hashCode());
    mix(detail);
    if (lines != null) {
      lines.println(nowNs + " " + what + " " + whom + " " + Long.toHexString(detail));
    }
  }

  private void mix(long value) {
    digest = (digest ^ value) * MULTIPLIER;
    digest ^= digest >>> 32;
  }

  long digest() {
    if (lines != null) {
      lines.flush();
    }
    return digest;
  }

  /** A number for bytes, which stay as they are. */
  public static long of(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return ((long) bytes.remaining() << 32) | crc.getValue();
  }
}
