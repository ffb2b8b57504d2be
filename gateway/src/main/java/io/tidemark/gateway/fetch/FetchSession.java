package io.tidemark.gateway.fetch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The partitions one client fetches, and which of them it must be told about. A full fetch without
 * a session uses one for the length of the request.
 *
 * <p>{@code dirty} is a queue: a partition enters at the back when anything about it changes, what
 * did not fit into a response stays in front, what was answered goes to the back, and a partition
 * leaves only when a response has told everything. So a wake-up costs what has changed, not what is
 * subscribed.
 *
 * <p>Belongs to the event loop of the connection that opened it; requests that name it from another
 * connection hop over. Closed by the handler or, when evicted, by {@link FetchSessionCache}.
 */
final class FetchSession {
  private static final int NO_ID = FetchMetadata.INVALID_SESSION_ID;

  private final ScheduledExecutorService loop;
  private final LoopWatches watches;
  private final boolean usesTopicIds;
  private final boolean isReplica;

  private final Map<PartitionKey, FetchedPartition> partitions = new LinkedHashMap<>();
  private final SequencedSet<FetchedPartition> dirty = new LinkedHashSet<>();

  /** Written once, before the cache publishes the session. */
  private int id = NO_ID;

  private int nextEpoch = FetchMetadata.INITIAL_EPOCH;
  private @Nullable FetchRound round;
  private boolean isClosed;

  FetchSession(
      ScheduledExecutorService loop, LoopWatches watches, boolean usesTopicIds, boolean isReplica) {
    this.loop = loop;
    this.watches = watches;
    this.usesTopicIds = usesTopicIds;
    this.isReplica = isReplica;
  }

  /** 0 unless the cache has taken it. */
  int id() {
    return id;
  }

  void openAs(int newId) {
    id = newId;
    nextEpoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);
  }

  ScheduledExecutorService loop() {
    return loop;
  }

  LoopWatches watches() {
    return watches;
  }

  boolean usesTopicIds() {
    return usesTopicIds;
  }

  boolean isReplica() {
    return isReplica;
  }

  boolean isClosed() {
    return isClosed;
  }

  int nextEpoch() {
    return nextEpoch;
  }

  void advanceEpoch() {
    nextEpoch = FetchMetadata.nextEpoch(nextEpoch);
  }

  Collection<FetchedPartition> partitions() {
    return partitions.values();
  }

  boolean isEmpty() {
    return partitions.isEmpty();
  }

  /** Adds a partition, or moves it to where the client now stands. */
  FetchedPartition fetch(PartitionKey key, FetchPartition position) {
    FetchedPartition partition = partitions.get(key);
    if (partition == null) {
      partition = new FetchedPartition(key, this, position);
      partitions.put(key, partition);
    } else {
      partition.moveTo(position);
    }
    dirty.add(partition);
    return partition;
  }

  void forget(PartitionKey key) {
    FetchedPartition partition = partitions.remove(key);
    if (partition != null) {
      release(partition);
    }
  }

  /** A copy: what is answered meanwhile changes its place. */
  List<FetchedPartition> dirty() {
    return new ArrayList<>(dirty);
  }

  void markDirty(FetchedPartition partition) {
    if (partitions.get(partition.key) == partition) {
      dirty.add(partition);
    }
  }

  void markClean(FetchedPartition partition) {
    dirty.remove(partition);
  }

  /** Everyone else first, next time. */
  void moveToBack(FetchedPartition partition) {
    dirty.remove(partition);
    dirty.add(partition);
  }

  /** The request that waits on this session, if any. */
  @Nullable FetchRound round() {
    return round;
  }

  void waitFor(@Nullable FetchRound newRound) {
    round = newRound;
  }

  /** Called after partitions were marked dirty: a waiting request looks at them. */
  void partitionsChanged() {
    if (round != null) {
      round.attempt();
    }
  }

  void closeOnItsLoop() {
    loop.execute(this::close);
  }

  void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (round != null) {
      round.finish();
    }
    partitions.values().forEach(this::release);
    partitions.clear();
  }

  private void release(FetchedPartition partition) {
    dirty.remove(partition);
    watches.leave(partition);
    partition.readBy(null);
  }
}
