package io.tidemark.metadata.event;

/**
 * An event of a later release, or bytes that are no event. The node that meets one must stop, for
 * its image would no longer be the cluster's.
 */
public final class UnknownEventException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnknownEventException(String message) {
    super(message);
  }
}
