package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.transaction.SoftStates.SoftState;
import io.tidemark.metadata.coordinator.transaction.TransactionCore.Place;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Ends transactions: decides by a record, has the markers written, and notes when all are.
 *
 * <pre>
 *  EndTxn, time-out, fence ─▶ PREPARE_… ─ committed ─▶ markers ─ all written ─▶ COMPLETE_…
 *                                │
 *                                └─ committed ─▶ answer
 * </pre>
 *
 * <p>With epochs of their own (transactions version 2) the record that prepares the end has the
 * next epoch already: whoever still comes with the one before asks again for what was decided, and
 * gets the same answer or is told that it was decided otherwise.
 */
final class Endings {
  private final Place place;
  private final TransactionLedger ledger;
  private final SoftStates soft;
  private final SpareProducerIds ids;
  private final MarkerDelivery delivery;
  private final CoreTeller self;
  private final TransactionMeters meters;

  Endings(
      Place place,
      TransactionLedger ledger,
      SoftStates soft,
      SpareProducerIds ids,
      MarkerDelivery delivery,
      CoreTeller self,
      TransactionMeters meters) {
    this.place = place;
    this.ledger = ledger;
    this.soft = soft;
    this.ids = ids;
    this.delivery = delivery;
    this.self = self;
    this.meters = meters;
  }

  /** One request, to be decided now or again once a producer id is at hand. */
  private record Ask(
      EndTxnRequestData request, short clientVersion, Answer<EndTxnResponseData> answer) {
    String id() {
      return request.transactionalId();
    }

    TransactionalProducer producer() {
      return new TransactionalProducer(request.producerId(), request.producerEpoch());
    }

    boolean isCommit() {
      return request.committed();
    }

    boolean hasOwnEpochs() {
      return clientVersion >= TransactionMetadata.EPOCHS_PER_TRANSACTION;
    }
  }

  /**
   * @param clientVersion the transactions version of the request
   */
  void end(
      Turn turn,
      EndTxnRequestData request,
      short clientVersion,
      Answer<EndTxnResponseData> answer) {
    decide(turn, new Ask(request, clientVersion, answer));
  }

  private void decide(Turn turn, Ask ask) {
    TransactionMetadata known = ledger.find(ask.id());
    if (known == null) {
      refuse(turn, ask, Errors.INVALID_PRODUCER_ID_MAPPING);
    } else if (isOfTheProducerBefore(known, ask)) {
      decided(turn, ask, known);
    } else if (isAboutToGoOn(known, ask)) {
      refuse(turn, ask, Errors.CONCURRENT_TRANSACTIONS);
    } else if (known.producerId() != ask.request().producerId()) {
      refuse(turn, ask, Errors.INVALID_PRODUCER_ID_MAPPING);
    } else if (isOfTheEpochBefore(known, ask)) {
      decided(turn, ask, known);
    } else if (known.producerEpoch() != ask.request().producerEpoch()) {
      refuse(turn, ask, Errors.PRODUCER_FENCED);
    } else {
      decide(turn, ask, known);
    }
  }

  /** The epochs of the producer ran out with this transaction; it goes on as another. */
  private static boolean isOfTheProducerBefore(TransactionMetadata known, Ask ask) {
    return hasBumped(known, ask)
        && known.state().isCompleted()
        && known.previousProducerId() == ask.request().producerId()
        && ask.request().producerEpoch() == TransactionMetadata.LAST_EPOCH
        && known.producerEpoch() == 0;
  }

  /** It is the other producer already, and the markers of the one before are on their way. */
  private static boolean isAboutToGoOn(TransactionMetadata known, Ask ask) {
    return known.nextProducerId() != TransactionMetadata.NO_PRODUCER
        && known.goesOnFor(ask.producer());
  }

  /**
   * The end itself gave the present epoch. Where an older client ended the transaction it is that
   * client's, which has kept the epoch it began with.
   */
  private static boolean hasBumped(TransactionMetadata known, Ask ask) {
    return ask.hasOwnEpochs() && known.hasOwnEpochs();
  }

  private static boolean isOfTheEpochBefore(TransactionMetadata known, Ask ask) {
    return hasBumped(known, ask)
        && (known.state().isPrepared() || known.state().isCompleted())
        && ask.request().producerEpoch() + 1 == known.producerEpoch();
  }

  /** The transaction was ended before this request. */
  private void decided(Turn turn, Ask ask, TransactionMetadata known) {
    boolean wasCommit =
        known.state() == TransactionState.PREPARE_COMMIT
            || known.state() == TransactionState.COMPLETE_COMMIT;
    if (soft.look(ask.id()).isFenced || known.goesOnInEpoch() == Short.MAX_VALUE) {
      refuse(turn, ask, Errors.PRODUCER_FENCED);
    } else if (wasCommit != ask.isCommit()) {
      // A commit that lost against the time-out can still be aborted; an abort against a commit
      // is a mistake of the client's.
      refuse(turn, ask, wasCommit ? Errors.INVALID_TXN_STATE : Errors.TRANSACTION_ABORTABLE);
    } else if (known.state().isPrepared()) {
      refuse(turn, ask, Errors.CONCURRENT_TRANSACTIONS);
    } else {
      answer(turn, ask, known);
    }
  }

  /** The request is of the present epoch. */
  private void decide(Turn turn, Ask ask, TransactionMetadata known) {
    switch (known.state()) {
      case ONGOING -> prepare(turn, ask, known);
      case EMPTY -> endNothing(turn, ask, known);
      case PREPARE_COMMIT, PREPARE_ABORT -> {
        boolean isSame = ask.isCommit() == (known.state() == TransactionState.PREPARE_COMMIT);
        refuse(
            turn,
            ask,
            isSame || ask.hasOwnEpochs()
                ? Errors.CONCURRENT_TRANSACTIONS
                : Errors.INVALID_TXN_STATE);
      }
      case COMPLETE_COMMIT, COMPLETE_ABORT -> {
        boolean isSame = ask.isCommit() == (known.state() == TransactionState.COMPLETE_COMMIT);
        if (isSame && !ask.hasOwnEpochs()) {
          answer(turn, ask, known);
        } else {
          endNothing(turn, ask, known);
        }
      }
      case DEAD, PREPARE_EPOCH_FENCE ->
          throw new IllegalStateException(ask.id() + " is " + known.state());
    }
  }

  /**
   * Without a transaction there is only, with epochs of their own, an abort that ends the epoch.
   */
  private void endNothing(Turn turn, Ask ask, TransactionMetadata known) {
    if (ask.hasOwnEpochs() && !ask.isCommit()) {
      prepare(turn, ask, known);
    } else {
      refuse(turn, ask, Errors.INVALID_TXN_STATE);
    }
  }

  private void prepare(Turn turn, Ask ask, TransactionMetadata known) {
    Long rotatesTo = null;
    if (ask.hasOwnEpochs() && known.isEpochExhausted()) {
      rotatesTo =
          ids.takeOrAsk(
              turn,
              again -> decide(again, ask),
              inVain -> refuse(inVain, ask, Errors.COORDINATOR_LOAD_IN_PROGRESS));
      if (rotatesTo == null) {
        return;
      }
    }
    TransactionMetadata next =
        known.prepared(
            ask.isCommit(), ask.hasOwnEpochs(), rotatesTo, ask.clientVersion(), turn.wallClockMs());
    write(turn, ask.id(), next);
    answer(turn, ask, next);
  }

  private static void answer(Turn turn, Ask ask, TransactionMetadata metadata) {
    EndTxnResponseData response = new EndTxnResponseData();
    if (ask.hasOwnEpochs()) {
      response.setProducerId(metadata.goesOnAs()).setProducerEpoch(metadata.goesOnInEpoch());
    }
    turn.answer(ask.answer(), response);
  }

  private static void refuse(Turn turn, Ask ask, Errors error) {
    turn.answer(ask.answer(), ask.answer().refusal(error));
  }

  // ---------------------------------------------------------------- without the producer

  /**
   * Aborts the open transaction of a producer that is put out: the markers carry an epoch it never
   * had.
   *
   * @param isSameProducer it is the producer itself that wants a new epoch
   * @param again decides anew, once a producer id is at hand
   * @param inVain no producer id can be had at the moment
   * @return what to tell who asked; empty when that comes later
   */
  Optional<Errors> fence(
      Turn turn, String id, boolean isSameProducer, Consumer<Turn> again, Consumer<Turn> inVain) {
    TransactionMetadata known = ongoing(id);
    boolean isDone = abort(turn, id, known, again, inVain);
    if (!isDone) {
      return Optional.empty();
    }
    SoftState state = soft.of(id);
    state.isFenced = !isSameProducer;
    state.lastEpoch = isSameProducer ? known.producerEpoch() : TransactionMetadata.NO_EPOCH;
    meters.fenced();
    return Optional.of(Errors.CONCURRENT_TRANSACTIONS);
  }

  /**
   * Aborts a transaction whose time is up; the producer learns of it by its next request. Where a
   * producer id is needed and cannot be had, the next look at times tries again.
   */
  void timeUp(Turn turn, String id) {
    if (abort(turn, id, ongoing(id), again -> timeUpIfStill(again, id), inVain -> {})) {
      soft.of(id).lastEpoch = TransactionMetadata.NO_EPOCH;
      meters.timedOut();
    }
  }

  private void timeUpIfStill(Turn turn, String id) {
    TransactionMetadata known = ledger.find(id);
    boolean isUp = soft.look(id).openUntilMs <= turn.monotonicMs();
    if (isUp && known != null && known.state() == TransactionState.ONGOING) {
      timeUp(turn, id);
    }
  }

  private TransactionMetadata ongoing(String id) {
    TransactionMetadata known = ledger.find(id);
    if (known == null || known.state() != TransactionState.ONGOING) {
      throw new IllegalStateException(id + " has no open transaction: " + known);
    }
    return known;
  }

  /** False when it has to wait for a producer id. */
  private boolean abort(
      Turn turn,
      String id,
      TransactionMetadata known,
      Consumer<Turn> again,
      Consumer<Turn> inVain) {
    Long rotatesTo = null;
    if (known.hasOwnEpochs() && known.isEpochExhausted()) {
      rotatesTo = ids.takeOrAsk(turn, again, inVain);
      if (rotatesTo == null) {
        return false;
      }
    }
    write(
        turn,
        id,
        known.prepared(false, true, rotatesTo, known.clientVersion(), turn.wallClockMs()));
    return true;
  }

  // ---------------------------------------------------------------- markers

  private void write(Turn turn, String id, TransactionMetadata prepared) {
    soft.of(id).openUntilMs = Long.MAX_VALUE;
    ledger.write(turn, id, prepared);
    sendMarkers(turn, id, prepared);
  }

  /**
   * Once the decision is committed, and not before. Only who sent them hears of them: whoever takes
   * over sends its own, and they have to be where they belong before the producer goes on. The next
   * transaction of an older client has the same epoch, and they would end that.
   */
  private void sendMarkers(Turn turn, String id, TransactionMetadata prepared) {
    MarkerTask task =
        new MarkerTask(
            place.partition(),
            id,
            new TransactionEnd(
                new TransactionalProducer(prepared.producerId(), prepared.producerEpoch()),
                place.coordinatorEpoch(),
                prepared.state() == TransactionState.PREPARE_COMMIT,
                prepared.hasOwnEpochs()),
            prepared.partitions());
    turn.whenCommitted(() ->
        delivery
            .deliver(task)
            .thenAccept(isDone ->
                self.tell((core, later) -> {
                  if (core.endings == this) {
                    delivered(later, task, isDone);
                  }
                })));
  }

  /** All that were prepared when the log was read. */
  void resume(Turn turn) {
    ledger
        .all()
        .forEach((id, metadata) -> {
          if (metadata.state().isPrepared()) {
            sendMarkers(turn, id, metadata);
          }
        });
  }

  private void delivered(Turn turn, MarkerTask task, boolean isDone) {
    TransactionMetadata known = ledger.find(task.transactionalId());
    if (isDone && known != null && isStill(known, task)) {
      ledger.write(turn, task.transactionalId(), known.completed(turn.wallClockMs()));
      meters.ended(task.end().isCommit());
    }
  }

  private static boolean isStill(TransactionMetadata known, MarkerTask task) {
    TransactionalProducer producer = task.end().producer();
    return known.isOf(producer.producerId(), producer.producerEpoch())
        && known.state()
            == (task.end().isCommit()
                ? TransactionState.PREPARE_COMMIT
                : TransactionState.PREPARE_ABORT);
  }
}
