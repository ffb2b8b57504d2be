package io.tidemark.gateway.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Questions of one kind that come while a call is under way are gathered and go together in the
 * next. Safe from any thread; the lock guards the list of those that wait.
 */
final class Gathering<Q, A> {
  private record Waiting<Q, A>(Q question, CompletableFuture<A> answer) {}

  private final int most;
  private final Function<List<Q>, CompletableFuture<List<A>>> call;
  private final List<Waiting<Q, A>> waiting = new ArrayList<>();
  private boolean isCalling;

  /**
   * @param most questions in a call
   * @param call answers each question, in their order; when it fails, so does each of them
   */
  Gathering(int most, Function<List<Q>, CompletableFuture<List<A>>> call) {
    this.most = most;
    this.call = call;
  }

  CompletableFuture<A> ask(Q question) {
    CompletableFuture<A> answer = new CompletableFuture<>();
    synchronized (this) {
      waiting.add(new Waiting<>(question, answer));
      if (isCalling) {
        return answer;
      }
      isCalling = true;
    }
    call();
    return answer;
  }

  private void call() {
    List<Waiting<Q, A>> together;
    synchronized (this) {
      List<Waiting<Q, A>> first = waiting.subList(0, Math.min(most, waiting.size()));
      together = List.copyOf(first);
      first.clear();
      isCalling = !together.isEmpty();
    }
    if (together.isEmpty()) {
      return;
    }
    call.apply(together.stream().map(Waiting::question).toList())
        .whenComplete((answers, failure) -> {
          answer(together, answers, failure);
          call();
        });
  }

  private void answer(
      List<Waiting<Q, A>> together, @Nullable List<A> answers, @Nullable Throwable failure) {
    for (int index = 0; index < together.size(); index++) {
      CompletableFuture<A> answer = together.get(index).answer();
      if (answers == null) {
        answer.completeExceptionally(
            failure == null ? new IllegalStateException("no answers") : failure);
      } else {
        answer.complete(answers.get(index));
      }
    }
  }
}
