package io.tidemark.log.disk;

/** The process may open no further file; what is open goes on working. */
public final class TooManyOpenFilesException extends ShortageException {
  private static final long serialVersionUID = 1;

  public TooManyOpenFilesException(String message) {
    super(message);
  }
}
