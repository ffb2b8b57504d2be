package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.transaction.SoftStates.SoftState;
import java.util.Optional;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Producers that come for a transactional id. Each gets an epoch that nobody had, which puts out
 * whoever had the id before; an open transaction of theirs is aborted first, and the new one asks
 * again. A producer that says who it is and is not the newest is refused.
 */
final class ProducerInits {
  private final TransactionLedger ledger;
  private final SoftStates soft;
  private final SpareProducerIds ids;
  private final Endings endings;

  ProducerInits(TransactionLedger ledger, SoftStates soft, SpareProducerIds ids, Endings endings) {
    this.ledger = ledger;
    this.soft = soft;
    this.ids = ids;
    this.endings = endings;
  }

  /** One request, to be decided now or again once a producer id is at hand. */
  private record Ask(InitProducerIdRequestData request, Answer<InitProducerIdResponseData> answer) {
    String id() {
      return request.transactionalId();
    }

    int timeoutMs() {
      return request.transactionTimeoutMs();
    }

    /** Who the producer says it is; empty when it is new. */
    Optional<TransactionalProducer> expected() {
      return request.producerId() == TransactionMetadata.NO_PRODUCER
          ? Optional.empty()
          : Optional.of(new TransactionalProducer(request.producerId(), request.producerEpoch()));
    }
  }

  void init(
      Turn turn, InitProducerIdRequestData request, Answer<InitProducerIdResponseData> answer) {
    decide(turn, new Ask(request, answer));
  }

  private void decide(Turn turn, Ask ask) {
    TransactionMetadata known = ledger.find(ask.id());
    if (known == null) {
      Long producerId = producerId(turn, ask);
      if (producerId != null) {
        become(
            turn,
            ask,
            TransactionMetadata.created(producerId, ask.timeoutMs(), turn.wallClockMs()));
      }
      return;
    }
    boolean isRepetition = isRepetition(known, ask);
    if (!isRepetition && !isNewest(known, ask)) {
      refuse(turn, ask, Errors.PRODUCER_FENCED);
      return;
    }
    switch (known.state()) {
      case PREPARE_COMMIT, PREPARE_ABORT -> refuse(turn, ask, Errors.CONCURRENT_TRANSACTIONS);
      case ONGOING -> abortFirst(turn, ask, known, isRepetition);
      case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> renew(turn, ask, known, isRepetition);
      case DEAD, PREPARE_EPOCH_FENCE ->
          throw new IllegalStateException(ask.id() + " is " + known.state());
    }
  }

  private void renew(Turn turn, Ask ask, TransactionMetadata known, boolean isRepetition) {
    if (isRepetition) {
      answer(turn, ask, known);
    } else if (known.isEpochExhausted()) {
      Long producerId = producerId(turn, ask);
      if (producerId != null) {
        become(turn, ask, known.rotated(producerId, ask.timeoutMs(), turn.wallClockMs()));
      }
    } else {
      become(turn, ask, known.bumped(ask.timeoutMs(), turn.wallClockMs()));
    }
  }

  /**
   * A repetition with a transaction open says that its first answer was used: it comes too late.
   */
  private void abortFirst(Turn turn, Ask ask, TransactionMetadata known, boolean isRepetition) {
    if (isRepetition) {
      refuse(turn, ask, Errors.PRODUCER_FENCED);
      return;
    }
    boolean isSameProducer = ask.expected().isPresent();
    endings
        .fence(
            turn,
            ask.id(),
            isSameProducer,
            again -> decide(again, ask),
            inVain -> refuse(inVain, ask, Errors.COORDINATOR_LOAD_IN_PROGRESS))
        .ifPresent(error -> refuse(turn, ask, error));
  }

  private static boolean isNewest(TransactionMetadata known, Ask ask) {
    return ask.expected().map(known::goesOnFor).orElse(true);
  }

  /** Its first request was carried out, and the answer is not known to have come. */
  private boolean isRepetition(TransactionMetadata known, Ask ask) {
    if (ask.expected().isEmpty()) {
      return false;
    }
    TransactionalProducer expected = ask.expected().get();
    if (known.producerId() == expected.producerId()) {
      return expected.producerEpoch() != known.producerEpoch()
          && expected.producerEpoch() == soft.look(ask.id()).lastEpoch;
    }
    return known.previousProducerId() == expected.producerId()
        && expected.producerEpoch() >= TransactionMetadata.LAST_EPOCH
        && known.producerEpoch() == 0;
  }

  private @Nullable Long producerId(Turn turn, Ask ask) {
    return ids.takeOrAsk(
        turn,
        again -> decide(again, ask),
        inVain -> refuse(inVain, ask, Errors.COORDINATOR_LOAD_IN_PROGRESS));
  }

  private void become(Turn turn, Ask ask, TransactionMetadata next) {
    SoftState state = soft.of(ask.id());
    state.lastEpoch =
        ask.expected()
            .map(TransactionalProducer::producerEpoch)
            .orElse(TransactionMetadata.NO_EPOCH);
    state.isFenced = false;
    ledger.write(turn, ask.id(), next);
    answer(turn, ask, next);
  }

  private static void answer(Turn turn, Ask ask, TransactionMetadata metadata) {
    turn.answer(
        ask.answer(),
        new InitProducerIdResponseData()
            .setProducerId(metadata.producerId())
            .setProducerEpoch(metadata.producerEpoch()));
  }

  private static void refuse(Turn turn, Ask ask, Errors error) {
    turn.answer(ask.answer(), ask.answer().refusal(error));
  }
}
