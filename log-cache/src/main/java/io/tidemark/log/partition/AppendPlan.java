package io.tidemark.log.partition;

import io.tidemark.log.AppendOrigin;
import java.nio.ByteBuffer;

/**
 * The appends of one drain, worked out on a provisional copy of the log's end and its producers.
 * Nothing of it counts before {@link PartitionLog#append}; a plan that is not appended, or whose
 * write failed, is forgotten. Used by the log's one appender.
 */
public final class AppendPlan {

  AppendPlan() {}

  /**
   * Gives batches their offsets and epoch, in place, and checks their producers' epochs and
   * sequences. The buffer, from position to limit, must stay unchanged until the plan is appended
   * or dropped. When it throws the plan is as before.
   *
   * @param leaderEpoch written into the batches; ignored for {@link AppendOrigin#REPLICA}
   * @throws org.apache.kafka.common.errors.OutOfOrderSequenceException a gap in a producer's
   *     batches
   * @throws org.apache.kafka.common.errors.InvalidProducerEpochException a fenced producer
   * @throws org.apache.kafka.common.errors.CorruptRecordException not whole batches
   * @throws UnexpectedOffsetException replicated batches do not begin at the end
   */
  public Admission add(ByteBuffer batches, int leaderEpoch, AppendOrigin origin) {
    throw new UnsupportedOperationException();
  }

  /** Whether an append of this size still fits the same segment; always true for an empty plan. */
  public boolean hasRoomFor(int sizeBytes) {
    throw new UnsupportedOperationException();
  }

  public boolean isEmpty() {
    throw new UnsupportedOperationException();
  }

  /** Bytes to be written. */
  public int sizeBytes() {
    throw new UnsupportedOperationException();
  }

  /** The log end once this plan is appended. */
  public long nextOffset() {
    throw new UnsupportedOperationException();
  }
}
