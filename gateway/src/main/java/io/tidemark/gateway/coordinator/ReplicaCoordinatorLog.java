package io.tidemark.gateway.coordinator;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.replica.Acks;
import io.tidemark.log.replica.AppendListener;
import io.tidemark.log.replica.AppendOutcome;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.log.validate.InvalidBatchException;
import io.tidemark.log.validate.ValidatedBatches;
import io.tidemark.metadata.coordinator.CoordinatorLog;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's partitions as replicas of its internal topic. Stateless; safe from any thread.
 */
public final class ReplicaCoordinatorLog implements CoordinatorLog {
  private final IntFunction<Optional<Replica>> replicas;
  private final BatchValidator validator;
  private final Executor diskReaders;

  /**
   * @param replicas the topic's replicas on this node, by partition
   * @param diskReaders threads that may wait for a disk
   */
  public ReplicaCoordinatorLog(
      IntFunction<Optional<Replica>> replicas, BatchValidator validator, Executor diskReaders) {
    this.replicas = replicas;
    this.validator = validator;
    this.diskReaders = diskReaders;
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
    RecordBatchBuilder builder = new RecordBatchBuilder(CompressionSpec.NONE);
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
