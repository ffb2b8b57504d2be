package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import io.tidemark.log.disk.ShortageException;
import io.tidemark.log.recovery.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the last holder of a log directory ended, told by two files: {@code clean-shutdown}, written
 * last of all by a clean stop, and {@code boot-id}, the machine's at the last start that counted.
 *
 * <pre>
 *   clean-shutdown there                   CLEAN
 *   boot-id absent, no meta.properties     FIRST_START
 *   boot-id the machine's                  PROCESS_DIED
 *   anything else                          UNCLEAN
 * </pre>
 *
 * <p>After an unclean stop the boot id is written only once the quorum knows ({@link
 * LogDirectories#markTrusted}): if the process dies before, the next start must not take the stop
 * for a harmless one.
 */
final class StopMark {
  private static final String BOOT_ID = "boot-id";
  static final String FILE_NAME = BOOT_ID;

  private static final Logger log = LoggerFactory.getLogger(StopMark.class);

  private final Disk disk;
  private final Path directory;

  StopMark(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  StopKind read(boolean isKnown) throws IOException {
    if (disk.exists(Checkpoint.CLEAN_STOP.file(directory))) {
      return Checkpoint.CLEAN_STOP.read(disk, directory) == null ? afterCrash() : StopKind.CLEAN;
    }
    return isKnown ? afterCrash() : StopKind.FIRST_START;
  }

  private StopKind afterCrash() throws IOException {
    return isSameBoot() ? StopKind.PROCESS_DIED : StopKind.UNCLEAN;
  }

  /** Whether the machine has run on since the last start that counted. */
  boolean isSameBoot() throws IOException {
    try {
      byte[] stored = disk.readAll(directory.resolve(BOOT_ID));
      return new String(stored, StandardCharsets.US_ASCII).strip().equals(disk.bootId());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * From now on a crash counts from this start. On a full disk it does not: the next start takes a
   * crash for one of the machine, which is safe.
   */
  void writeBootId() throws IOException {
    if (isSameBoot()) {
      return;
    }
    try {
      writeAnew();
    } catch (ShortageException e) {
      log.warn("The boot id of {} could not be written: {}", directory, e.getMessage());
    }
  }

  private void writeAnew() throws IOException {
    byte[] bytes = (disk.bootId() + "\n").getBytes(StandardCharsets.US_ASCII);
    disk.writeAtomically(directory.resolve(BOOT_ID), ByteBuffer.wrap(bytes));
  }

  /** From now on the stop is not a clean one until it is written again. */
  void removeCleanMark() throws IOException {
    Path mark = Checkpoint.CLEAN_STOP.file(directory);
    if (disk.exists(mark)) {
      disk.delete(mark);
      disk.syncDirectory(directory);
    }
  }
}
