package io.tidemark.gateway.coordinator;

import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.Records;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.ReadRequest;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaRead;
import io.tidemark.metadata.coordinator.CoordinatorLog.Replay;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
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
 * begun in.
 */
final class LogReplay {
  private static final int STEP_BYTES = 1 << 20;

  private final Replica replica;
  private final int leaderEpoch;
  private final Replay replay;

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
      return replayAll(offset, read.slice());
    } catch (IOException e) {
      throw new KafkaStorageException("Reading " + replica.id() + " failed", e);
    } finally {
      read.release();
    }
  }

  private long replayAll(long offset, @Nullable LogSlice slice) throws IOException {
    if (slice == null) {
      throw new KafkaStorageException(
          "%s has nothing on this disk at offset %d".formatted(replica.id(), offset));
    }
    ByteBuffer bytes = slice.toBuffer();
    List<CoordinatorRecord> records = new ArrayList<>();
    Records.visit(
        bytes,
        (batch, found) -> {
          if (found.offset() >= offset && !batch.isControl() && found.key() != null) {
            records.add(new CoordinatorRecord(found.key(), found.value(), found.timestampMs()));
          }
          return true;
        });
    replay.replay(records);
    return endOf(bytes, offset);
  }

  private long endOf(ByteBuffer bytes, long offset) {
    BatchCursor cursor = new BatchCursor(bytes);
    long end = offset;
    while (cursor.next()) {
      end = cursor.header().nextOffset();
    }
    if (end <= offset) {
      throw new KafkaStorageException(
          "%s holds no whole batch at offset %d".formatted(replica.id(), offset));
    }
    return end;
  }
}
