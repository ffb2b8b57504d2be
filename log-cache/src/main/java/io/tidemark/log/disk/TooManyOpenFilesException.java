package io.tidemark.log.disk;

import java.io.IOException;

/** The process may open no further file; what is open goes on working. */
public final class TooManyOpenFilesException extends IOException {
  private static final long serialVersionUID = 1;

  public TooManyOpenFilesException(String message) {
    super(message);
  }
}
