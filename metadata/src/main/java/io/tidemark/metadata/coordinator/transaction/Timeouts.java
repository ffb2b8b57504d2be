package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.Deadline;
import io.tidemark.metadata.coordinator.Deadlines;
import io.tidemark.metadata.coordinator.Turn;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time for transactions that take longer than their producer allowed, and aborts
 * them. Time runs on the monotonic clock; after a failover what is left of it is reckoned from the
 * wall clock, once.
 */
final class Timeouts {
  private static final Logger LOG = LoggerFactory.getLogger(Timeouts.class);

  private final TransactionConfig config;
  private final TransactionLedger ledger;
  private final SoftStates soft;
  private final Endings endings;
  private final Deadlines deadlines;
  private final Deadline next;

  Timeouts(
      TransactionConfig config,
      TransactionLedger ledger,
      SoftStates soft,
      Endings endings,
      Deadlines deadlines) {
    this.config = config;
    this.ledger = ledger;
    this.soft = soft;
    this.endings = endings;
    this.deadlines = deadlines;
    this.next = deadlines.create(this::check);
  }

  void resume(Turn turn) {
    ledger
        .all()
        .forEach((id, metadata) -> {
          if (metadata.state() == TransactionState.ONGOING) {
            long goneMs = turn.wallClockMs() - metadata.startTimestampMs();
            long leftMs = Math.clamp(metadata.timeoutMs() - goneMs, 0L, metadata.timeoutMs());
            soft.of(id).openUntilMs = turn.monotonicMs() + leftMs;
          }
        });
  }

  void schedule(Turn turn) {
    deadlines.set(next, turn.monotonicMs() + config.timeoutCheckIntervalMs());
  }

  private void check(Turn turn) {
    for (String id : due(turn)) {
      LOG.info("The transaction of {} has taken too long and is aborted", id);
      endings.timeUp(turn, id);
    }
    schedule(turn);
  }

  private List<String> due(Turn turn) {
    return ledger.all().entrySet().stream()
        .filter(entry -> entry.getValue().state() == TransactionState.ONGOING)
        .map(Map.Entry::getKey)
        .filter(id -> soft.look(id).openUntilMs <= turn.monotonicMs())
        .toList();
  }
}
