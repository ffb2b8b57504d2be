package io.tidemark.gateway.node;

import io.tidemark.log.disk.ShortageException;
import org.jspecify.annotations.Nullable;

/** Tells failures that are worth another try, because something had only run out. Stateless. */
final class Shortages {
  /** A full disk does not empty in an instant. */
  static final long RETRY_MS = 1_000;

  private Shortages() {}

  /** Whether a full disk, or no file handle, is behind a failure. */
  static boolean cause(Throwable failure) {
    for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof ShortageException) {
        return true;
      }
    }
    return false;
  }
}
