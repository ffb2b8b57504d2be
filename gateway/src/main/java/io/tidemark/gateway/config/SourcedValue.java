package io.tidemark.gateway.config;

/**
 * A setting as it was written down.
 *
 * @param source where: {@code node.properties:12} or {@code --set}
 */
record SourcedValue(String key, String value, String source) {

  /** Without the value, which may be secret. */
  @Override
  public String toString() {
    return source + ": " + key;
  }
}
