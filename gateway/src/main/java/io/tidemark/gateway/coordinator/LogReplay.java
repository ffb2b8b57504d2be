package io.tidemark.gateway.coordinator;

import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.RecordCursor;
import io.tidemark.log.record.Records;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.ReadRequest;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaRead;
import io.tidemark.metadata.coordinator.CoordinatorLog.Replay;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a coordinator's partition from its start to the log end of the moment it began, and hands
 * over the records. Waits for the disk. Fails when the replica stops leading in the epoch it was
 * begun in. Good for one run, on one thread.
 *
 * <p>A log may hold millions of commits: it is read in large pieces into one buffer, and records
 * are views of that buffer while they are replayed.
 */
final class LogReplay {
  private static final int STEP_BYTES = 4 << 20;

  private final Replica replica;
  private final int leaderEpoch;
  private final Replay replay;
  private final RecordCursor cursor = new RecordCursor();
  private final List<CoordinatorRecord> records = new ArrayList<>();
  private ByteBuffer buffer = ByteBuffer.allocate(0);

  /** Whose transaction the batch at hand is of; null when of none. */
  private @Nullable TransactionalProducer producer;

  LogReplay(Replica replica, int leaderEpoch, Replay replay) {
    this.replica = replica;
    this.leaderEpoch = leaderEpoch;
    this.replay = replay;
  }

  /** The log end offset it has reached. */
  long run() {
    if (!replica.view().isLeader()) {
      throw new NotLeaderOrFollowerException(replica.id() + " is not led by this node");
    }
    long end = replica.view().logEndOffset();
    long offset = replica.view().logStartOffset();
    while (offset < end) {
      offset = replayFrom(offset);
    }
    return end;
  }

  private long replayFrom(long offset) {
    ReplicaRead read =
        replica.read(
            new ReadRequest(
                offset,
                STEP_BYTES,
                true,
                Isolation.LOG_END,
                leaderEpoch,
                ReadRequest.NO_EPOCH,
                true));
    try {
      load(offset, read.slice());
    } catch (IOException e) {
      throw new KafkaStorageException("Reading " + replica.id() + " failed", e);
    } finally {
      read.release();
    }
    return replayBuffer(offset);
  }

  private void load(long offset, @Nullable LogSlice slice) throws IOException {
    if (slice == null) {
      throw new KafkaStorageException(
          "%s has nothing on this disk at offset %d".formatted(replica.id(), offset));
    }
    if (buffer.capacity() < slice.sizeBytes()) {
      buffer = ByteBuffer.allocate(slice.sizeBytes());
    }
    buffer.clear().limit(slice.sizeBytes());
    slice.read(buffer, 0);
    buffer.flip();
  }

  private long replayBuffer(long offset) {
    BatchCursor batches = new BatchCursor(buffer);
    long end = offset;
    while (batches.next()) {
      RecordBatchHeader batch = batches.header();
      if (batch.isControl()) {
        end(batch);
      } else {
        producer =
            batch.isTransactional()
                ? new TransactionalProducer(batch.producerId(), batch.producerEpoch())
                : null;
        collect(batch, offset);
        replay.replay(records);
        records.clear();
      }
      end = batch.nextOffset();
    }
    if (end <= offset) {
      throw new KafkaStorageException(
          "%s holds no whole batch at offset %d".formatted(replica.id(), offset));
    }
    return end;
  }

  private void end(RecordBatchHeader batch) {
    TransactionMarker marker = ControlBatches.marker(buffer, batch);
    if (marker != null) {
      replay.ended(
          new TransactionEnd(
              new TransactionalProducer(batch.producerId(), batch.producerEpoch()),
              marker.coordinatorEpoch(),
              marker.isCommit(),
              false));
    }
  }

  private void collect(RecordBatchHeader batch, long fromOffset) {
    if (batch.isCompressed()) {
      Records.visit(
          buffer.slice(batch.position(), batch.sizeBytes()),
          (header, found) -> {
            add(found.offset() >= fromOffset, found.key(), found.value(), found.timestampMs());
            return true;
          });
      return;
    }
    cursor.begin(buffer, batch);
    while (cursor.next()) {
      boolean isAsked = cursor.offset() >= fromOffset;
      add(isAsked, cursor.key(), cursor.value(), cursor.timestampMs());
    }
  }

  private void add(
      boolean isAsked, @Nullable ByteBuffer key, @Nullable ByteBuffer value, long timestampMs) {
    if (isAsked && key != null) {
      records.add(new CoordinatorRecord(key, value, timestampMs, producer));
    }
  }
}
