package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.Turn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Producer ids for a core, which must not wait for them: what needs one and finds none is decided
 * anew when one has come. Soft state of one core.
 */
final class SpareProducerIds {
  private record Waiting(Consumer<Turn> again, Consumer<Turn> inVain) {}

  private final ProducerIdSource source;
  private final CoreTeller self;
  private final Deque<Long> spares = new ArrayDeque<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  SpareProducerIds(ProducerIdSource source, CoreTeller self) {
    this.source = source;
    this.self = self;
  }

  /**
   * An id to be used now; null when one has been asked for.
   *
   * @param again decides anew, in a later turn
   * @param inVain none can be had at the moment
   */
  @Nullable Long takeOrAsk(Turn turn, Consumer<Turn> again, Consumer<Turn> inVain) {
    Long spare = spares.poll();
    if (spare == null) {
      waiting.add(new Waiting(again, inVain));
      turn.whenCommitted(this::ask);
    }
    return spare;
  }

  private void ask() {
    source
        .next()
        .whenComplete((id, failure) -> self.tell((core, turn) -> core.ids().answered(turn, id)));
  }

  private void answered(Turn turn, @Nullable Long id) {
    Waiting first = waiting.poll();
    if (id != null) {
      spares.add(id);
    }
    if (first != null) {
      (id == null ? first.inVain() : first.again()).accept(turn);
    }
  }
}
