package io.tidemark.tests.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.record.Records;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.ReadRequest;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaRead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.TopicIdPartition;

/**
 * Whoever reads a compacted topic from its start sees of each key what was written to it last,
 * whether it reads hot bytes as soon as there are some or only once it has read all cold ones. What
 * lies at an offset is what was acknowledged there, and no deleted key comes back. (S-120)
 */
final class EveryKeyHasItsNewestValue implements Theorem {
  @Override
  public void check(TierWorld world, TopicIdPartition partition) {
    if (!world.node().leads(partition) || !world.isCompacted(partition)) {
      return;
    }
    Replica replica = world.node().replica(partition);
    NavigableMap<Long, String> cold = ColdLog.of(world, partition).keyedValues();
    NavigableMap<Long, String> hot = hot(replica);
    long tieredOffset = ColdLog.of(world, partition).manifest().tieredOffset();
    check(world, partition, cold, hot, replica.view().localLogStartOffset());
    check(world, partition, cold, hot, tieredOffset);
  }

  private static void check(
      TierWorld world,
      TopicIdPartition partition,
      NavigableMap<Long, String> cold,
      NavigableMap<Long, String> hot,
      long hotFrom) {
    Replica replica = world.node().replica(partition);
    long logStart = replica.view().logStartOffset();
    NavigableMap<Long, String> read = new TreeMap<>(cold.headMap(hotFrom));
    read.putAll(hot.tailMap(hotFrom, true));
    NavigableMap<Long, String> seen = read.tailMap(logStart, true);
    NavigableMap<Long, String> acknowledged =
        world.ledger().page(partition).values().tailMap(logStart, true);
    Map<String, Long> newestSeen = newest(seen);
    Map<String, Long> newestAcknowledged = newest(acknowledged);
    String where = "%s, hot from %d, %s".formatted(partition, hotFrom, replica.view().offsets());
    seen.forEach((offset, record) -> {
      String told = acknowledged.get(offset);
      assertThat(told == null || told.equals(record))
          .as("%s at %d instead of %s: %s", record, offset, told, where)
          .isTrue();
    });
    newestAcknowledged.forEach((key, offset) -> {
      String record = Objects.requireNonNull(acknowledged.get(offset));
      Long last = newestSeen.get(key);
      boolean isGone = KeyedValue.parse(record).value() == null && last == null;
      assertThat(isGone || (last != null && last >= offset))
          .as("%s at %d, newest seen at %s: %s", record, offset, last, where)
          .isTrue();
    });
  }

  private static Map<String, Long> newest(NavigableMap<Long, String> records) {
    Map<String, Long> newest = new HashMap<>();
    records.forEach((offset, record) -> newest.put(KeyedValue.parse(record).key(), offset));
    return newest;
  }

  private static NavigableMap<Long, String> hot(Replica replica) {
    NavigableMap<Long, String> values = new TreeMap<>();
    long offset = replica.view().localLogStartOffset();
    while (offset < replica.view().logEndOffset()) {
      ReplicaRead read =
          replica.read(ReadRequest.ofConsumer(offset, 1 << 20, Isolation.HIGH_WATERMARK));
      try {
        ByteBuffer bytes = Objects.requireNonNull(read.slice()).toBuffer();
        collect(bytes, values);
        offset = endOf(bytes, offset);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        read.release();
      }
    }
    return values;
  }

  private static long endOf(ByteBuffer batches, long before) {
    long end = before;
    BatchCursor cursor = new BatchCursor(batches);
    while (cursor.next()) {
      end = cursor.header().nextOffset();
    }
    assertThat(end).as("where the read from %d ends", before).isGreaterThan(before);
    return end;
  }

  static void collect(ByteBuffer batches, NavigableMap<Long, String> values) {
    Records.visit(
        batches,
        (batch, record) -> {
          values.put(
              record.offset(),
              KeyedValue.of(Objects.requireNonNull(record.key()), record.value()).toString());
          return true;
        });
  }
}
