package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.transaction.TransactionCore.Place;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Which partitions a transaction has: those that will get its marker. The first one opens it. */
final class Participants {
  private final Place place;
  private final TransactionLedger ledger;
  private final SoftStates soft;

  Participants(Place place, TransactionLedger ledger, SoftStates soft) {
    this.place = place;
    this.ledger = ledger;
    this.soft = soft;
  }

  void add(
      Turn turn,
      String id,
      TransactionalProducer producer,
      Collection<TopicPartition> partitions,
      short clientVersion,
      Answer<Errors> answer) {
    TransactionMetadata known = ledger.find(id);
    Errors refusal = refusal(known, producer);
    if (known == null || refusal != Errors.NONE) {
      turn.answer(answer, refusal);
      return;
    }
    boolean isOpen = known.state() == TransactionState.ONGOING;
    if (!isOpen || !known.partitions().containsAll(partitions)) {
      TransactionMetadata next = known.with(partitions, clientVersion, turn.wallClockMs());
      if (sizeBytes(id, next) > place.maxRecordBytes()) {
        turn.answer(answer, Errors.INVALID_REQUEST);
        return;
      }
      if (!isOpen) {
        soft.of(id).openUntilMs = turn.monotonicMs() + known.timeoutMs();
      }
      ledger.write(turn, id, next);
    }
    turn.answer(answer, Errors.NONE);
  }

  private static int sizeBytes(String id, TransactionMetadata metadata) {
    return TransactionRecordCodec.encode(id, metadata, true, 0).sizeBytes();
  }

  /** Whether the open transaction has the partitions; those it has not get INVALID_TXN_STATE. */
  void verify(
      Turn turn,
      String id,
      TransactionalProducer producer,
      Collection<TopicPartition> partitions,
      Answer<Map<TopicPartition, Errors>> answer) {
    TransactionMetadata known = ledger.find(id);
    Errors refusal = refusal(known, producer);
    Map<TopicPartition, Errors> errors = new HashMap<>();
    for (TopicPartition partition : partitions) {
      boolean isIn = known != null && known.partitions().contains(partition);
      errors.put(
          partition,
          refusal != Errors.NONE ? refusal : isIn ? Errors.NONE : Errors.INVALID_TXN_STATE);
    }
    turn.answer(answer, errors);
  }

  private static Errors refusal(
      @Nullable TransactionMetadata known, TransactionalProducer producer) {
    if (known == null) {
      return Errors.INVALID_PRODUCER_ID_MAPPING;
    }
    if (known.state().isPrepared() && known.goesOnFor(producer)) {
      return Errors.CONCURRENT_TRANSACTIONS;
    }
    if (known.producerId() != producer.producerId()) {
      return Errors.INVALID_PRODUCER_ID_MAPPING;
    }
    boolean isNewest =
        known.producerEpoch() == producer.producerEpoch() && !known.state().isPrepared();
    return isNewest ? Errors.NONE : Errors.PRODUCER_FENCED;
  }
}
