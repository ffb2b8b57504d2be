package io.tidemark.gateway.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been opened, closed in the opposite order. A part that fails to close is told and does
 * not keep the others open; the first failure is thrown at the end. Used by one thread.
 */
final class Closer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Closer.class);

  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(String name, AutoCloseable closeable) {}

  <T extends AutoCloseable> T add(String name, T part) {
    parts.push(new Part(name, part));
    return part;
  }

  @Override
  public void close() {
    @Nullable RuntimeException first = null;
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.closeable.close();
      } catch (Exception e) {
        log.warn("Closing the {} failed: {}", part.name, e.toString());
        if (first == null) {
          first = new IllegalStateException("closing the " + part.name + " failed", e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
