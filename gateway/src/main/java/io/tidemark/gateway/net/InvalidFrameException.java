package io.tidemark.gateway.net;

/** Bytes that cannot be a Kafka request; the message is the log line's reason. */
final class InvalidFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidFrameException(String message) {
    super(message, null, false, false);
  }
}
