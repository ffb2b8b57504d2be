package io.tidemark.gateway.api;

import io.tidemark.gateway.api.LocalPartitions.Elsewhere;
import io.tidemark.gateway.api.LocalPartitions.Here;
import io.tidemark.gateway.api.TransactionalProduce.Verdict;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.producer.TransactionTerms;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.WireRecords;
import io.tidemark.log.replica.Acks;
import io.tidemark.log.replica.AppendListener;
import io.tidemark.log.replica.AppendOutcome;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.log.validate.InvalidBatchException;
import io.tidemark.log.validate.ValidatedBatches;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceRequest;
import org.jspecify.annotations.Nullable;

/**
 * Produce: validates each partition's batch and queues it at its replica.
 *
 * <p>Batches are validated on the connection's loop unless looking into them is much work (large
 * compressed ones, or ones to be compressed anew), which happens on the workers; the connection
 * takes up its next Produce only when all of this one's appends are queued, so appends keep the
 * order of arrival either way. The frame is kept until every append that lies in it is done.
 */
public final class ProduceHandler implements ApiHandler {
  private static final int NO_LEADER_EPOCH = -1;
  private static final short OLDEST_VERSION_WITH_ZSTD = 7;
  private static final int ZSTD = 4;

  /** Compressed bytes that a loop looks into itself; more go to the workers. */
  private static final int LOOP_COMPRESSED_BYTES = 16 << 10;

  private static final Set<String> INTERNAL_TOPICS =
      Set.of(Topic.GROUP_METADATA_TOPIC_NAME, Topic.TRANSACTION_STATE_TOPIC_NAME);

  private final LocalPartitions partitions;
  private final BatchValidator validator;
  private final Executor workers;
  private final TopicTraffic traffic;
  private final TransactionalProduce transactional;

  /**
   * @param workers threads for decompression; refuses when it is full, then the loop does the work
   */
  public ProduceHandler(
      LocalPartitions partitions,
      BatchValidator validator,
      Executor workers,
      TopicTraffic traffic,
      TransactionalProduce transactional) {
    this.partitions = partitions;
    this.validator = validator;
    this.workers = workers;
    this.traffic = traffic;
    this.transactional = transactional;
  }

  @Override
  public void handle(Request request, Responder responder) {
    ProduceRequest body = (ProduceRequest) request.body();
    replaceMissingRecords(body);
    Optional<Acks> acks = Acks.of(body.acks());
    if (acks.isEmpty()) {
      Answers.failed(Errors.INVALID_REQUIRED_ACKS.exception(), request, responder);
      return;
    }
    ProduceRound round = ProduceRound.of(body, acks.get(), partitions, request, responder);
    if (body.transactionalId() == null) {
      append(round, request, Verdict.NO_TERMS);
    } else {
      appendInTransaction(body, round, request);
    }
  }

  /** The connection takes up nothing behind it while the coordinator is asked. */
  private void appendInTransaction(ProduceRequest body, ProduceRound round, Request request) {
    CompletableFuture<Verdict> verdict = transactional.verify(body, round, request.apiVersion());
    if (verdict.isDone()) {
      append(round, request, verdict.join());
      return;
    }
    request.retain();
    verdict.whenCompleteAsync(
        (found, bug) -> {
          try {
            if (bug != null) {
              Answers.failed(bug, request, round.responder());
            } else {
              append(round, request, found);
            }
          } finally {
            request.release();
          }
        },
        request.loop());
  }

  private void append(ProduceRound round, Request request, Verdict verdict) {
    if (round.isEmpty() || !isMuchWork(round) || !handOver(round, request, verdict)) {
      appendAll(round, request, round.responder(), verdict);
    }
  }

  /** kafka-clients' own error response cannot do without records that the schema lets be null. */
  private static void replaceMissingRecords(ProduceRequest body) {
    for (TopicProduceData topic : body.data().topicData()) {
      for (PartitionProduceData partition : topic.partitionData()) {
        if (partition.records() == null) {
          partition.setRecords(WireRecords.empty());
        }
      }
    }
  }

  private boolean handOver(ProduceRound round, Request request, Verdict verdict) {
    request.retain();
    try {
      workers.execute(() -> {
        try {
          appendAll(round, request, round.responder(), verdict);
        } finally {
          request.release();
        }
      });
      return true;
    } catch (RejectedExecutionException full) {
      request.release();
      return false;
    }
  }

  private void appendAll(
      ProduceRound round, Request request, Responder responder, Verdict verdict) {
    List<ProduceRound.Slot> slots = round.slots();
    for (ProduceRound.Slot slot : slots) {
      append(round, slot, request, verdict);
    }
    responder.appended();
    round.appendsQueued();
  }

  private void append(
      ProduceRound round, ProduceRound.Slot slot, Request request, Verdict verdict) {
    TransactionalProduce.Refusal refusal = verdict.refusalOf(slot);
    if (refusal != null) {
      round.refused(slot, refusal.error(), refusal.message());
      return;
    }
    switch (slot.found()) {
      case Elsewhere elsewhere -> {
        partitions.noteRefused(
            slot.topic().topicId(),
            slot.topic().name(),
            slot.data().index(),
            WireRecords.bytes(slot.data().records()));
        round.refused(slot, elsewhere.error(), null);
      }
      case Here(Replica replica) -> append(round, slot, replica, request, verdict.termsOf(slot));
    }
  }

  private void append(
      ProduceRound round,
      ProduceRound.Slot slot,
      Replica replica,
      Request request,
      @Nullable TransactionTerms terms) {
    String topic = replica.id().topic();
    ByteBuffer batches = WireRecords.bytes(slot.data().records());
    if (INTERNAL_TOPICS.contains(topic)) {
      round.refused(
          slot, Errors.INVALID_TOPIC_EXCEPTION, topic + " is written by the cluster alone");
      return;
    }
    if (batches == null || !batches.hasRemaining()) {
      round.refused(slot, Errors.INVALID_RECORD, "There is no record batch for this partition");
      return;
    }
    if (isZstd(batches) && request.apiVersion() < OLDEST_VERSION_WITH_ZSTD) {
      round.refused(slot, Errors.UNSUPPORTED_COMPRESSION_TYPE, "zstd needs Produce version 7");
      return;
    }
    if (isTransactional(batches) && ((ProduceRequest) request.body()).transactionalId() == null) {
      round.refused(
          slot,
          Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
          "A transactional batch needs a request with its transactional id");
      return;
    }
    try {
      int sizeBytes = batches.remaining();
      ValidatedBatches validated =
          validator.validate(batches, replica.view().config(), AppendOrigin.CLIENT);
      request.retain();
      replica.append(
          validated,
          round.acks(),
          NO_LEADER_EPOCH,
          terms,
          listener(round, slot, topic, sizeBytes, request));
    } catch (InvalidBatchException e) {
      round.refused(
          slot, new AppendOutcome.Refused(e.error(), e.getMessage(), e.recordErrors(), -1));
    }
  }

  private AppendListener listener(
      ProduceRound round, ProduceRound.Slot slot, String topic, int sizeBytes, Request request) {
    return new AppendListener() {
      @Override
      public void appended() {
        request.release();
      }

      @Override
      public void completed(AppendOutcome outcome) {
        if (outcome instanceof AppendOutcome.Appended) {
          traffic.produced(topic, sizeBytes);
        }
        round.completed(slot, outcome);
      }
    };
  }

  private static boolean isMuchWork(ProduceRound round) {
    int compressedBytes = 0;
    for (ProduceRound.Slot slot : round.slots()) {
      ByteBuffer batches = WireRecords.bytes(slot.data().records());
      if (batches != null && slot.found() instanceof Here(Replica replica)) {
        compressedBytes += bytesToLookInto(batches, replica.view().config());
      }
    }
    return compressedBytes > LOOP_COMPRESSED_BYTES;
  }

  private static int bytesToLookInto(ByteBuffer batches, LogConfig config) {
    boolean isCompressed = codecOf(batches) != 0;
    boolean isToBeCompressed = !config.compression().equals(CompressionSpec.PRODUCER);
    return isCompressed || isToBeCompressed ? batches.remaining() : 0;
  }

  private static boolean isZstd(ByteBuffer batches) {
    return codecOf(batches) == ZSTD;
  }

  private static boolean isTransactional(ByteBuffer batches) {
    return batches.remaining() >= RecordBatchHeader.SIZE_BYTES
        && new RecordBatchHeader().wrap(batches, batches.position()).isTransactional();
  }

  /** 0 also where there is no whole header; the validator says what is wrong with it. */
  private static int codecOf(ByteBuffer batches) {
    return batches.remaining() < RecordBatchHeader.SIZE_BYTES
        ? 0
        : new RecordBatchHeader().wrap(batches, batches.position()).codecId();
  }
}
