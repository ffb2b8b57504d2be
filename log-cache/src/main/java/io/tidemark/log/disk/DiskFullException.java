package io.tidemark.log.disk;

/** The disk has no room; what was there before is untouched and it may have room again. */
public final class DiskFullException extends ShortageException {
  private static final long serialVersionUID = 1;

  public DiskFullException(String message) {
    super(message);
  }
}
