package io.tidemark.bench.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Runs the connections of a load, a platform thread each, and adds up what they did. */
final class Workers {
  private Workers() {}

  /** One connection's part. */
  @FunctionalInterface
  interface Work {
    Load run() throws IOException;
  }

  static Load run(String name, List<Work> works) throws IOException {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().name(name + "-", 0).daemon().factory());
    try (threads) {
      List<Future<Load>> parts = new ArrayList<>();
      for (Work work : works) {
        parts.add(threads.submit(work::run));
      }
      Load all = Load.NONE;
      for (Future<Load> part : parts) {
        all = all.with(part.get());
      }
      return all;
    } catch (ExecutionException e) {
      threads.shutdownNow();
      throw asThrown(e.getCause());
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }

  private static IOException asThrown(@Nullable Throwable cause) {
    return switch (cause) {
      case IOException io -> io;
      case RuntimeException bug -> throw bug;
      case null, default -> throw new IllegalStateException(cause);
    };
  }
}
