package io.tidemark.log.recovery;

/**
 * Part of a log that was durable is missing or damaged. The log stays offline: to go on without it
 * would be a silent gap.
 */
public final class CorruptLogException extends Exception {
  private static final long serialVersionUID = 1;

  public CorruptLogException(String message) {
    super(message);
  }
}
