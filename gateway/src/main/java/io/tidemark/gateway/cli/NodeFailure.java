package io.tidemark.gateway.cli;

import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Why a node has stopped by itself. */
final class NodeFailure {
  private NodeFailure() {}

  static @Nullable String messageOf(ExecutionException stopped) {
    Throwable cause = stopped.getCause();
    return cause == null ? stopped.getMessage() : cause.getMessage();
  }
}
