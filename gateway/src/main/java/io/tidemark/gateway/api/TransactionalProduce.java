package io.tidemark.gateway.api;

import io.tidemark.gateway.api.LocalPartitions.Here;
import io.tidemark.gateway.transaction.PartitionAdmission;
import io.tidemark.log.producer.TransactionTerms;
import io.tidemark.log.producer.TransactionVerification;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.WireRecords;
import io.tidemark.log.replica.Replica;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceRequest;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, before a Produce with a transactional id is appended, that its partitions are in the
 * transaction. Most of the time that is known here, because the transaction is open on them; else
 * its coordinator is asked, and the request waits.
 */
public final class TransactionalProduce {
  /** From this version producers know TRANSACTION_ABORTABLE. */
  private static final int ABORTABLE_VERSION = 11;

  private static final TransactionTerms CONTINUES = new TransactionTerms.Continues();

  private final PartitionAdmission admission;
  private final boolean verifies;

  /**
   * @param verifies whether partitions that older clients should have added are asked for
   */
  public TransactionalProduce(PartitionAdmission admission, boolean verifies) {
    this.admission = admission;
    this.verifies = verifies;
  }

  /** On what terms each partition's batch is appended, or why it is not. */
  record Verdict(
      Map<ProduceRound.Slot, TransactionTerms> terms, Map<ProduceRound.Slot, Refusal> refusals) {
    static final Verdict NO_TERMS = new Verdict(Map.of(), Map.of());

    @Nullable TransactionTerms termsOf(ProduceRound.Slot slot) {
      return terms.get(slot);
    }

    @Nullable Refusal refusalOf(ProduceRound.Slot slot) {
      return refusals.get(slot);
    }
  }

  /** Why a batch is not appended. */
  record Refusal(Errors error, String message) {}

  /** What has to be asked of the coordinator for one slot. */
  private record Question(
      TopicPartition partition, Replica replica, TransactionVerification held) {}

  /** Completes at once where everything is known here; never fails. */
  CompletableFuture<Verdict> verify(ProduceRequest body, ProduceRound round, short apiVersion) {
    boolean adds = ProduceRequest.isTransactionV2Requested(apiVersion);
    if (!verifies && !adds) {
      return CompletableFuture.completedFuture(Verdict.NO_TERMS);
    }
    Verdict verdict = new Verdict(new HashMap<>(), new HashMap<>());
    Map<ProduceRound.Slot, Question> questions = new LinkedHashMap<>();
    Set<TransactionalProducer> producers = new LinkedHashSet<>();
    for (ProduceRound.Slot slot : round.slots()) {
      RecordBatchHeader batch = transactionalBatch(slot);
      if (batch != null && slot.found() instanceof Here(Replica replica)) {
        producers.add(new TransactionalProducer(batch.producerId(), batch.producerEpoch()));
        sort(slot, replica, batch, verdict, questions);
      }
    }
    if (producers.size() > 1) {
      cancel(questions);
      round
          .slots()
          .forEach(slot ->
              verdict.refusals.put(
                  slot,
                  new Refusal(
                      Errors.INVALID_PRODUCER_ID_MAPPING,
                      "A transactional request has batches of one producer")));
      return CompletableFuture.completedFuture(verdict);
    }
    if (questions.isEmpty()) {
      return CompletableFuture.completedFuture(verdict);
    }
    return ask(
        String.valueOf(body.transactionalId()),
        producers.iterator().next(),
        questions,
        verdict,
        adds,
        apiVersion);
  }

  /** The slot's batch when it is whole enough to be looked at and transactional, else null. */
  private static @Nullable RecordBatchHeader transactionalBatch(ProduceRound.Slot slot) {
    ByteBuffer batches = WireRecords.bytes(slot.data().records());
    if (batches == null || batches.remaining() < RecordBatchHeader.SIZE_BYTES) {
      return null;
    }
    RecordBatchHeader batch = new RecordBatchHeader().wrap(batches, batches.position());
    return batch.magic() == RecordBatchHeader.MAGIC && batch.isTransactional() ? batch : null;
  }

  private static void sort(
      ProduceRound.Slot slot,
      Replica replica,
      RecordBatchHeader batch,
      Verdict verdict,
      Map<ProduceRound.Slot, Question> questions) {
    // A replica that does not lead refuses; should it lead by then, it has not been asked about.
    boolean isKnownHere =
        !replica.view().isLeader()
            || replica.hasOpenTransaction(batch.producerId(), batch.producerEpoch());
    if (isKnownHere) {
      verdict.terms.put(slot, CONTINUES);
      return;
    }
    Optional<TransactionVerification> verification =
        replica.beginVerification(batch.producerId(), batch.producerEpoch(), batch.baseSequence());
    if (verification.isEmpty()) {
      verdict.refusals.put(
          slot,
          new Refusal(
              Errors.NOT_ENOUGH_REPLICAS, "Too many producers begin transactions at this moment"));
      return;
    }
    questions.put(slot, new Question(replica.id().topicPartition(), replica, verification.get()));
  }

  private CompletableFuture<Verdict> ask(
      String transactionalId,
      TransactionalProducer producer,
      Map<ProduceRound.Slot, Question> questions,
      Verdict verdict,
      boolean adds,
      short apiVersion) {
    return admission
        .admit(
            transactionalId,
            producer,
            questions.values().stream().map(Question::partition).distinct().toList(),
            adds)
        .thenApply(errors -> {
          questions.forEach((slot, question) -> {
            Errors error = errors.getOrDefault(question.partition(), Errors.NETWORK_EXCEPTION);
            if (error == Errors.NONE) {
              verdict.terms.put(slot, new TransactionTerms.Begins(question.held()));
            } else {
              verdict.refusals.put(slot, refusal(question, error, adds, apiVersion));
            }
          });
          return verdict;
        });
  }

  private static void cancel(Map<ProduceRound.Slot, Question> questions) {
    questions.values().forEach(question -> question.replica().cancelVerification(question.held()));
  }

  /**
   * What a producer tries again comes under the verification that was begun: its batches keep their
   * order.
   */
  private static Refusal refusal(Question question, Errors error, boolean adds, short apiVersion) {
    Errors told = told(error, adds, apiVersion);
    if (!isTriedAgain(told)) {
      question.replica().cancelVerification(question.held());
    }
    return new Refusal(
        told, "The partition could not be found to be in the transaction: " + error.name());
  }

  private static boolean isTriedAgain(Errors error) {
    return error == Errors.NOT_ENOUGH_REPLICAS || error == Errors.CONCURRENT_TRANSACTIONS;
  }

  /** NOT_ENOUGH_REPLICAS is what every producer tries again without asking for metadata first. */
  private static Errors told(Errors error, boolean adds, short apiVersion) {
    return switch (error) {
      case NETWORK_EXCEPTION,
          COORDINATOR_LOAD_IN_PROGRESS,
          COORDINATOR_NOT_AVAILABLE,
          NOT_COORDINATOR ->
          Errors.NOT_ENOUGH_REPLICAS;
      case CONCURRENT_TRANSACTIONS -> adds ? error : Errors.NOT_ENOUGH_REPLICAS;
      case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
      case INVALID_TXN_STATE ->
          apiVersion >= ABORTABLE_VERSION ? Errors.TRANSACTION_ABORTABLE : error;
      default -> error;
    };
  }
}
