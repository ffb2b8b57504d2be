package io.tidemark.metadata.coordinator;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A place where an answer is awaited. Answered once, always with a response: an error becomes the
 * response that carries it. Later answers are ignored. Answered on the lane of the coordinator that
 * was asked, or by whoever could not hand it over.
 */
public final class Answer<T> {
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private final Function<Errors, T> refusal;
  private @Nullable Set<Answer<?>> waiting;

  /**
   * @param refusal makes the response that carries an error
   */
  public Answer(Function<Errors, T> refusal) {
    this.refusal = refusal;
  }

  public CompletableFuture<T> future() {
    return future;
  }

  /** The response that carries this error. */
  public T refusal(Errors error) {
    return refusal.apply(error);
  }

  /** Enters it among those still owed an answer; it leaves when it has one. On the lane only. */
  void owedBy(Set<Answer<?>> waiting) {
    waiting.add(this);
    this.waiting = waiting;
  }

  void complete(T response) {
    if (waiting != null) {
      waiting.remove(this);
    }
    future.complete(response);
  }

  void refuse(Errors error) {
    if (!future.isDone()) {
      complete(refusal(error));
    }
  }
}
