package io.tidemark.gateway.coordinator;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.producer.TransactionTerms;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.replica.Acks;
import io.tidemark.log.replica.AppendListener;
import io.tidemark.log.replica.AppendOutcome;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.log.validate.InvalidBatchException;
import io.tidemark.log.validate.ValidatedBatches;
import io.tidemark.metadata.coordinator.CoordinatorLog;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's partitions as replicas of its internal topic. Stateless; safe from any thread.
 */
public final class ReplicaCoordinatorLog implements CoordinatorLog {
  /**
   * What every batch of a coordinator has: their order is that of its turns, and nobody checks it.
   */
  private static final int SEQUENCE = 0;

  private final IntFunction<Optional<Replica>> replicas;
  private final BatchValidator validator;
  private final Executor diskReaders;
  private final Time time;

  /**
   * @param replicas the topic's replicas on this node, by partition
   * @param diskReaders threads that may wait for a disk
   */
  public ReplicaCoordinatorLog(
      IntFunction<Optional<Replica>> replicas,
      BatchValidator validator,
      Executor diskReaders,
      Time time) {
    this.replicas = replicas;
    this.validator = validator;
    this.diskReaders = diskReaders;
    this.time = time;
  }

  @Override
  public CompletableFuture<Long> load(int partition, int leaderEpoch, Replay replay) {
    return replicas
        .apply(partition)
        .map(replica ->
            CompletableFuture.supplyAsync(
                () -> new LogReplay(replica, leaderEpoch, replay).run(), diskReaders))
        .orElseGet(() -> CompletableFuture.failedFuture(notHere(partition)));
  }

  @Override
  public CompletableFuture<Long> append(
      int partition, int leaderEpoch, List<CoordinatorRecord> records) {
    Optional<Replica> replica = replicas.apply(partition);
    if (replica.isEmpty()) {
      return CompletableFuture.failedFuture(notHere(partition));
    }
    try {
      CompletableFuture<Long> appended = new CompletableFuture<>();
      ValidatedBatches batch = batch(records, replica.get().view().config());
      replica.get().append(batch, Acks.LEADER, leaderEpoch, completing(appended));
      return appended;
    } catch (InvalidBatchException e) {
      return CompletableFuture.failedFuture(e.error().exception(e.getMessage()));
    }
  }

  @Override
  public CompletableFuture<Long> end(int partition, int leaderEpoch, TransactionEnd end) {
    Optional<Replica> replica = replicas.apply(partition);
    if (replica.isEmpty()) {
      return CompletableFuture.failedFuture(notHere(partition));
    }
    try {
      CompletableFuture<Long> appended = new CompletableFuture<>();
      replica
          .get()
          .append(
              marker(end, replica.get().view().config()),
              Acks.LEADER,
              leaderEpoch,
              new TransactionTerms.Ends(end.isEpochBumped()),
              completing(appended));
      return appended;
    } catch (InvalidBatchException e) {
      return CompletableFuture.failedFuture(e.error().exception(e.getMessage()));
    }
  }

  private ValidatedBatches marker(TransactionEnd end, LogConfig config)
      throws InvalidBatchException {
    return validator.validate(
        ControlBatches.build(
            new TransactionMarker(end.isCommit(), end.coordinatorEpoch()),
            end.producer().producerId(),
            end.producer().producerEpoch(),
            time.milliseconds()),
        config,
        AppendOrigin.COORDINATOR);
  }

  @Override
  public Optional<Errors> refuses(int partition, TransactionalProducer producer) {
    return replicas
        .apply(partition)
        .flatMap(replica -> replica.refusalOfBatch(producer.producerId(), producer.producerEpoch()))
        .map(Errors::forException);
  }

  @Override
  public Optional<Errors> refuses(int partition, TransactionEnd end) {
    return replicas
        .apply(partition)
        .flatMap(replica ->
            replica.refusalOfMarker(
                end.producer().producerId(),
                end.producer().producerEpoch(),
                end.coordinatorEpoch(),
                new TransactionTerms.Ends(end.isEpochBumped())))
        .map(Errors::forException);
  }

  @Override
  public CompletableFuture<Void> committed(int partition, int leaderEpoch, long endOffset) {
    return replicas
        .apply(partition)
        .map(replica -> CommitWatch.until(replica, leaderEpoch, endOffset))
        .orElseGet(() -> CompletableFuture.failedFuture(notHere(partition)));
  }

  @Override
  public int maxBatchBytes(int partition) {
    return replicas
        .apply(partition)
        .map(replica -> replica.view().config().maxMessageBytes())
        .orElse(LogConfig.DEFAULTS.maxMessageBytes());
  }

  private ValidatedBatches batch(List<CoordinatorRecord> records, LogConfig config)
      throws InvalidBatchException {
    TransactionalProducer producer = records.getFirst().producer();
    RecordBatchBuilder builder =
        producer == null
            ? new RecordBatchBuilder(CompressionSpec.NONE)
            : new RecordBatchBuilder(
                CompressionSpec.NONE,
                TimestampType.CREATE_TIME,
                RecordBatchHeader.NO_TIMESTAMP,
                producer.producerId(),
                producer.producerEpoch(),
                SEQUENCE,
                true);
    for (CoordinatorRecord entry : records) {
      builder.append(entry.timestampMs(), entry.key().duplicate(), valueOf(entry));
    }
    return validator.validate(builder.build(), config, AppendOrigin.COORDINATOR);
  }

  private static @Nullable ByteBuffer valueOf(CoordinatorRecord entry) {
    ByteBuffer value = entry.value();
    return value == null ? null : value.duplicate();
  }

  private static AppendListener completing(CompletableFuture<Long> appended) {
    return new AppendListener() {
      @Override
      public void appended() {}

      @Override
      public void completed(AppendOutcome outcome) {
        switch (outcome) {
          case AppendOutcome.Appended done -> appended.complete(done.lastOffset() + 1);
          case AppendOutcome.Refused refused ->
              appended.completeExceptionally(refused.error().exception(refused.message()));
        }
      }
    };
  }

  private static NotLeaderOrFollowerException notHere(int partition) {
    return new NotLeaderOrFollowerException(
        "Partition " + partition + " of the coordinator's topic is not on this node");
  }
}
