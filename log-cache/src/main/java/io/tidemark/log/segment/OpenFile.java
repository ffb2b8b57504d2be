package io.tidemark.log.segment;

import io.tidemark.log.disk.DiskFile;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open file with a count of those who use it; closed when the last lets go. The count starts at
 * one, which belongs to whoever opened it. Safe from any thread.
 */
public final class OpenFile {
  private static final Logger log = LoggerFactory.getLogger(OpenFile.class);

  private final DiskFile file;
  private final AtomicInteger references = new AtomicInteger(1);

  public OpenFile(DiskFile file) {
    this.file = file;
  }

  public DiskFile file() {
    return file;
  }

  /** Takes one reference; false when the file is closed already. */
  public boolean retain() {
    int count = references.get();
    while (count > 0) {
      if (references.compareAndSet(count, count + 1)) {
        return true;
      }
      count = references.get();
    }
    return false;
  }

  public void release() {
    int left = references.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("Released more often than retained: " + left);
    }
    if (left == 0) {
      close();
    }
  }

  private void close() {
    try {
      file.close();
    } catch (IOException e) {
      log.warn("Closing a file failed: {}", e.getMessage());
    }
  }
}
