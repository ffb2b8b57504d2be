package io.tidemark.log.disk;

import java.io.IOException;

/** A running process holds the folder. */
public final class DirectoryLockedException extends IOException {
  private static final long serialVersionUID = 1;

  public DirectoryLockedException(String message) {
    super(message);
  }
}
