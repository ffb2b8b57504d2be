package io.tidemark.tests.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.ReadRequest;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaRead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.TopicIdPartition;

/**
 * What was acknowledged at an offset at or above the log start is there, once, hot or cold; where
 * it is both it is the same; and between log start and log end no offset is missing. (I1, I3)
 */
final class EveryAcknowledgedRecordIsReadable implements Theorem {
  @Override
  public void check(TierWorld world, TopicIdPartition partition) {
    if (!world.node().leads(partition) || world.isCompacted(partition)) {
      return;
    }
    Replica replica = world.node().replica(partition);
    long logStart = replica.view().logStartOffset();
    NavigableMap<Long, String> hot = hot(replica);
    NavigableMap<Long, String> cold = ColdLog.of(world, partition).values();
    NavigableMap<Long, String> acknowledged = world.ledger().page(partition).values();
    for (long offset = logStart; offset < replica.view().logEndOffset(); offset++) {
      String inHot = hot.get(offset);
      String inCold = cold.get(offset);
      String where = "%s at offset %d, %s".formatted(partition, offset, replica.view().offsets());
      assertThat(inHot != null || inCold != null).as(where).isTrue();
      if (inHot != null && inCold != null) {
        assertThat(inHot).as(where).isEqualTo(inCold);
      }
      String expected = acknowledged.get(offset);
      if (expected != null) {
        assertThat(inHot == null ? inCold : inHot).as(where).isEqualTo(expected);
      }
    }
    if (!acknowledged.isEmpty()) {
      assertThat(acknowledged.lastKey())
          .as("the last acknowledged of %s", partition)
          .isLessThan(replica.view().logEndOffset());
    }
  }

  private static NavigableMap<Long, String> hot(Replica replica) {
    NavigableMap<Long, String> values = new TreeMap<>();
    long offset = replica.view().localLogStartOffset();
    while (offset < replica.view().logEndOffset()) {
      ReplicaRead read =
          replica.read(ReadRequest.ofConsumer(offset, 1 << 20, Isolation.HIGH_WATERMARK));
      try {
        ColdLog.collect(Objects.requireNonNull(read.slice()).toBuffer(), values);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        read.release();
      }
      long next = values.isEmpty() ? offset : values.lastKey() + 1;
      assertThat(next).as("progress at %d of %s", offset, replica.id()).isGreaterThan(offset);
      offset = next;
    }
    return values;
  }
}
