package io.tidemark.log.producer;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The verifications under way on one log, at most one a producer. Begun by any thread, ended by the
 * log's appender. Costs nothing while there are none.
 */
final class TransactionVerifications {
  /** Producers that may be between the question and their first batch; others ask again later. */
  static final int MAX = 10_000;

  // Volatile because it is replaced once, when the first verification comes.
  private volatile Map<Long, TransactionVerification> byProducer = Map.of();

  /** The producer's verification, with this batch under it too; empty when there are too many. */
  Optional<TransactionVerification> begin(
      long producerId, short producerEpoch, int sequence, long nowMs) {
    Map<Long, TransactionVerification> map = writable();
    if (map.size() >= MAX && !map.containsKey(producerId)) {
      return Optional.empty();
    }
    return Optional.of(
        map.compute(
            producerId,
            (id, known) -> {
              if (known == null || known.producerEpoch() != producerEpoch) {
                return new TransactionVerification(producerId, producerEpoch, sequence, nowMs);
              }
              known.continues(sequence, nowMs);
              return known;
            }));
  }

  private synchronized Map<Long, TransactionVerification> writable() {
    if (!(byProducer instanceof ConcurrentHashMap)) {
      byProducer = new ConcurrentHashMap<>();
    }
    return byProducer;
  }

  boolean isHeld(TransactionVerification verification) {
    return byProducer.get(verification.producerId()) == verification;
  }

  /** Whatever was found of the producer in epochs below this one may be over. */
  void end(long producerId, int belowEpoch) {
    if (!byProducer.isEmpty()) {
      byProducer.computeIfPresent(
          producerId, (id, known) -> known.producerEpoch() < belowEpoch ? null : known);
    }
  }

  void cancel(TransactionVerification verification) {
    if (!byProducer.isEmpty()) {
      byProducer.remove(verification.producerId(), verification);
    }
  }

  void expire(long nowMs, long expirationMs) {
    if (!byProducer.isEmpty()) {
      byProducer.values().removeIf(each -> nowMs - each.begunMs() >= expirationMs);
    }
  }
}
