package io.tidemark.log.partition;

/**
 * A log directory belongs to another cluster or node, or cannot be taken; the node must not start.
 */
public final class WrongDirectoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public WrongDirectoryException(String message) {
    super(message);
  }
}
