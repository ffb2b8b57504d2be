package io.tidemark.bench.load;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.jspecify.annotations.Nullable;

/** The first failure that other threads met, kept for the one that runs the load. */
final class Failure {
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

  void keep(Throwable failure) {
    first.compareAndSet(null, failure);
  }

  /** Keeps what a send failed with. */
  Callback ofSends() {
    return (metadata, failure) -> {
      if (failure != null) {
        keep(failure);
      }
    };
  }

  void check() {
    Throwable failure = first.get();
    if (failure != null) {
      throw new IllegalStateException("a client failed", failure);
    }
  }
}
