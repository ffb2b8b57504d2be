package io.tidemark.tiering.store;

import org.jspecify.annotations.Nullable;

/** A store refused or failed; {@link #kind} says what the caller can do about it. */
public final class ObjectStoreException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What the caller can do. */
  public enum Kind {
    /** There is no such object (or bucket). */
    NOT_FOUND(false),
    /** The store asks for less; try again, later and slower. */
    THROTTLED(true),
    /** Credentials or rights; trying again helps once they are mended. */
    DENIED(false),
    /** Not reachable, timed out, failed inside; the outcome of a write is unknown. */
    UNAVAILABLE(true),
    /** The answer contradicts itself or what was asked: truncated, wrong length, bad checksum. */
    CORRUPT(true),
    /** The content handed to {@link ObjectStore#put} could not be read; nothing was stored. */
    CONTENT(false);

    private final boolean isRetriable;

    Kind(boolean isRetriable) {
      this.isRetriable = isRetriable;
    }

    /** Whether the very same call may succeed shortly. */
    public boolean isRetriable() {
      return isRetriable;
    }
  }

  private final Kind kind;

  public ObjectStoreException(Kind kind, String message) {
    this(kind, message, null);
  }

  public ObjectStoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
