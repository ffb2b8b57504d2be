package io.tidemark.log.replica;

import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * Producers that this node refused for a reason that passes, and the lowest sequence each was
 * refused with.
 *
 * <pre>
 *   sequence 0 ──► refused: not the leader yet        noted: 0
 *   sequence 5 ──► leads now, knows nobody            held back: 0 is to come first
 *   sequence 0 ──► taken                              forgotten
 *   sequence 5 ──► follows 0
 * </pre>
 *
 * A log takes any first sequence of a producer it does not know, so without this the second of two
 * batches under way would be the producer's first, and the other out of order for ever. At most
 * {@value #MAX} are remembered, the newest, for {@value #KEPT_MS} ms: as long as a Java producer
 * tries by default. Safe from any thread.
 */
public final class RefusedProducers {
  static final int MAX = 10_000;
  static final long KEPT_MS = 120_000;

  /**
   * A producer in a partition, which a client names by id or by name.
   *
   * @param topicId zero where {@code topic} says it
   * @param topic empty where {@code topicId} says it
   */
  private record Key(
      Uuid topicId, String topic, int partition, long producerId, short producerEpoch) {}

  private record Refused(int lowestSequence, long atMs) {}

  private final Time time;

  /** From the one refused longest ago to the newest. Guarded by this. */
  private final Map<Key, Refused> producers = new LinkedHashMap<>();

  /** Volatile because appends look at it without the lock, nearly always to find nothing. */
  private volatile boolean isEmpty = true;

  RefusedProducers(Time time) {
    this.time = time;
  }

  /**
   * Takes note of batches that were refused and will be sent again; what is no whole batch of an
   * idempotent producer is ignored.
   *
   * @param topicId zero where the client named the topic
   * @param batches is not moved
   */
  public void note(Uuid topicId, String topic, int partition, ByteBuffer batches) {
    if (batches.remaining() < RecordBatchHeader.SIZE_BYTES) {
      return;
    }
    RecordBatchHeader batch = new RecordBatchHeader().wrap(batches, batches.position());
    if (batch.hasProducerId()) {
      boolean hasId = !topicId.equals(Uuid.ZERO_UUID);
      note(key(topicId, hasId ? "" : topic, partition, batch), batch);
    }
  }

  void note(TopicIdPartition id, ByteBuffer batches) {
    note(id.topicId(), id.topic(), id.partition(), batches);
  }

  /** What waits for a lower sequence does not make that one wait longer, should it never come. */
  private synchronized void note(Key key, RecordBatchHeader batch) {
    if (!isAhead(key, batch)) {
      long nowMs = time.milliseconds();
      producers.remove(key);
      makeRoom(nowMs);
      producers.put(key, new Refused(batch.baseSequence(), nowMs));
      isEmpty = false;
    }
  }

  private void makeRoom(long nowMs) {
    Iterator<Refused> oldest = producers.values().iterator();
    while (oldest.hasNext()) {
      Refused next = oldest.next();
      if (producers.size() < MAX && nowMs - next.atMs < KEPT_MS) {
        return;
      }
      oldest.remove();
    }
  }

  /** Whether a batch of the producer with a lower sequence was refused and is still to come. */
  boolean isAhead(TopicIdPartition id, RecordBatchHeader batch) {
    return !isEmpty && (isAhead(byId(id, batch), batch) || isAhead(byName(id, batch), batch));
  }

  private synchronized boolean isAhead(Key key, RecordBatchHeader batch) {
    Refused known = producers.get(key);
    return known != null
        && time.milliseconds() - known.atMs < KEPT_MS
        && known.lowestSequence < batch.baseSequence();
  }

  /** The batch is in the log: those after it follow by their sequences. */
  void taken(TopicIdPartition id, RecordBatchHeader batch) {
    if (!isEmpty) {
      synchronized (this) {
        producers.remove(byId(id, batch));
        producers.remove(byName(id, batch));
        isEmpty = producers.isEmpty();
      }
    }
  }

  private static Key byId(TopicIdPartition id, RecordBatchHeader batch) {
    return key(id.topicId(), "", id.partition(), batch);
  }

  private static Key byName(TopicIdPartition id, RecordBatchHeader batch) {
    return key(Uuid.ZERO_UUID, id.topic(), id.partition(), batch);
  }

  private static Key key(Uuid topicId, String topic, int partition, RecordBatchHeader batch) {
    return new Key(topicId, topic, partition, batch.producerId(), batch.producerEpoch());
  }
}
