package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.Deadline;
import io.tidemark.metadata.coordinator.Deadlines;
import io.tidemark.metadata.coordinator.Turn;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets transactional ids that nobody has used for a long time; never one whose transaction is
 * open or not written to its end.
 */
final class IdExpiry {
  private static final Logger LOG = LoggerFactory.getLogger(IdExpiry.class);

  private final TransactionConfig config;
  private final TransactionLedger ledger;
  private final SoftStates soft;
  private final Deadlines deadlines;
  private final TransactionMeters meters;
  private final Deadline next;

  IdExpiry(
      TransactionConfig config,
      TransactionLedger ledger,
      SoftStates soft,
      Deadlines deadlines,
      TransactionMeters meters) {
    this.config = config;
    this.ledger = ledger;
    this.soft = soft;
    this.deadlines = deadlines;
    this.meters = meters;
    this.next = deadlines.create(this::check);
  }

  void schedule(Turn turn) {
    deadlines.set(next, turn.monotonicMs() + config.expiryCheckIntervalMs());
  }

  private void check(Turn turn) {
    List<String> due =
        ledger.all().entrySet().stream()
            .filter(entry -> isDue(entry.getValue(), turn.wallClockMs()))
            .map(Map.Entry::getKey)
            .toList();
    for (String id : due) {
      ledger.erase(turn, id);
      soft.forget(id);
    }
    if (!due.isEmpty()) {
      LOG.info("Forgot {} transactional ids that nobody used", due.size());
      meters.expired(due.size());
    }
    schedule(turn);
  }

  private boolean isDue(TransactionMetadata metadata, long nowMs) {
    return switch (metadata.state()) {
      case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT ->
          nowMs - metadata.updateTimestampMs() >= config.idExpirationMs();
      case ONGOING, PREPARE_COMMIT, PREPARE_ABORT, DEAD, PREPARE_EPOCH_FENCE -> false;
    };
  }
}
