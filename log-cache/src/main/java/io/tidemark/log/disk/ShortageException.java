package io.tidemark.log.disk;

import java.io.IOException;

/**
 * Something has run out, and nothing is broken: what was there before is untouched, and the same
 * call may succeed later. Except from {@link DiskFile#force}: what that failed to make durable is
 * unknown for ever, whatever the reason.
 */
public abstract sealed class ShortageException extends IOException
    permits DiskFullException, TooManyOpenFilesException {
  private static final long serialVersionUID = 1;

  ShortageException(String message) {
    super(message);
  }
}
