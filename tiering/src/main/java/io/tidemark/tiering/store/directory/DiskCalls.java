package io.tidemark.tiering.store.directory;

import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Runs disk work on an executor while the caller waits, and gives what goes wrong its kind. The
 * waiting thread is not interrupted; the working one never.
 */
final class DiskCalls {
  private final Executor io;

  DiskCalls(Executor io) {
    this.io = io;
  }

  /** Work that may fail as a disk does. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException, ObjectStoreException;
  }

  /** Work without a result. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException, ObjectStoreException;
  }

  void run(String what, Action action) throws ObjectStoreException {
    Boolean done =
        call(
            what,
            () -> {
              action.run();
              return true;
            });
    assert done;
  }

  <T> T call(String what, Work<T> work) throws ObjectStoreException {
    CompletableFuture<T> result = new CompletableFuture<>();
    io.execute(() -> {
      try {
        result.complete(work.run());
      } catch (Throwable e) {
        // Also an Error: the caller must not wait for ever.
        result.completeExceptionally(e);
      }
    });
    try {
      return result.join();
    } catch (CompletionException e) {
      throw typed(what, e.getCause() == null ? e : e.getCause());
    }
  }

  private static ObjectStoreException typed(String what, Throwable cause) {
    if (cause instanceof ObjectStoreException e) {
      return e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    return new ObjectStoreException(kind(cause), what + ": " + cause, cause);
  }

  private static Kind kind(Throwable cause) {
    if (cause instanceof NoSuchFileException) {
      return Kind.NOT_FOUND;
    }
    return cause instanceof AccessDeniedException ? Kind.DENIED : Kind.UNAVAILABLE;
  }
}
