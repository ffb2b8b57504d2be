package io.tidemark.gateway.net;

import org.jspecify.annotations.Nullable;

/**
 * Recognises what else speaks first on a TCP port, by its first four bytes, which a Kafka client
 * would have used for the size of its first request.
 */
final class Preamble {
  private static final int TLS_HANDSHAKE = 0x16;
  private static final int TLS_MAJOR = 0x03;

  private Preamble() {}

  /** The name of the protocol these bytes start, or null when they may be a size. */
  static @Nullable String protocol(int first) {
    if (first >>> 24 == TLS_HANDSHAKE && (first >>> 16 & 0xff) == TLS_MAJOR) {
      return "TLS";
    }
    return switch (text(first)) {
      case "GET ", "POST", "PUT ", "HEAD", "DELE", "OPTI", "PATC", "CONN", "TRAC", "PRI " -> "HTTP";
      case "SSH-" -> "SSH";
      default -> null;
    };
  }

  private static String text(int first) {
    return new String(
        new char[] {
          (char) (first >>> 24 & 0xff),
          (char) (first >>> 16 & 0xff),
          (char) (first >>> 8 & 0xff),
          (char) (first & 0xff)
        });
  }
}
