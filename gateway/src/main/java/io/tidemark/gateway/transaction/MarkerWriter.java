package io.tidemark.gateway.transaction;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.producer.TransactionTerms;
import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.replica.Acks;
import io.tidemark.log.replica.AppendListener;
import io.tidemark.log.replica.AppendOutcome;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.log.validate.InvalidBatchException;
import io.tidemark.log.validate.ValidatedBatches;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.group.GroupCoordinator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;

/** Appends markers to partitions that this node leads. Safe from any thread, never waits. */
public final class MarkerWriter {
  private static final int ANY_LEADER_EPOCH = -1;

  /** Finds a partition's replica on this node, or says why there is none. */
  public interface Partitions {
    /** The replica in whatever role; else the error to answer with. */
    <T> T find(TopicPartition partition, Function<Replica, T> here, Function<Errors, T> elsewhere);
  }

  private final Partitions partitions;
  private final GroupCoordinator groups;
  private final BatchValidator validator;
  private final Time time;

  public MarkerWriter(
      Partitions partitions, GroupCoordinator groups, BatchValidator validator, Time time) {
    this.partitions = partitions;
    this.groups = groups;
    this.validator = validator;
    this.time = time;
  }

  /**
   * Appends the end of a transaction to a partition; on one of __consumer_offsets by way of the
   * group coordinator, which keeps what the end decides.
   *
   * @return NONE once it is committed; never fails
   */
  public CompletableFuture<Errors> write(TopicPartition partition, TransactionEnd end) {
    if (end.producer().producerId() < 0 || end.producer().producerEpoch() < 0) {
      return CompletableFuture.completedFuture(Errors.INVALID_REQUEST);
    }
    return switch (partition.topic()) {
      case Topic.GROUP_METADATA_TOPIC_NAME -> groups.endTransaction(partition.partition(), end);
      case Topic.TRANSACTION_STATE_TOPIC_NAME ->
          CompletableFuture.completedFuture(Errors.INVALID_TOPIC_EXCEPTION);
      default ->
          partitions.find(
              partition, replica -> append(replica, end), CompletableFuture::completedFuture);
    };
  }

  private CompletableFuture<Errors> append(Replica replica, TransactionEnd end) {
    CompletableFuture<Errors> written = new CompletableFuture<>();
    try {
      replica.append(
          marker(replica, end),
          Acks.ALL,
          ANY_LEADER_EPOCH,
          new TransactionTerms.Ends(end.isEpochBumped()),
          completing(written));
    } catch (InvalidBatchException e) {
      written.complete(e.error());
    }
    return written;
  }

  private ValidatedBatches marker(Replica replica, TransactionEnd end)
      throws InvalidBatchException {
    return validator.validate(
        ControlBatches.build(
            new TransactionMarker(end.isCommit(), end.coordinatorEpoch()),
            end.producer().producerId(),
            end.producer().producerEpoch(),
            time.milliseconds()),
        replica.view().config(),
        AppendOrigin.COORDINATOR);
  }

  private static AppendListener completing(CompletableFuture<Errors> written) {
    return new AppendListener() {
      @Override
      public void appended() {}

      @Override
      public void completed(AppendOutcome outcome) {
        written.complete(
            switch (outcome) {
              case AppendOutcome.Appended done -> Errors.NONE;
              case AppendOutcome.Refused refused -> refused.error();
            });
      }
    };
  }
}
