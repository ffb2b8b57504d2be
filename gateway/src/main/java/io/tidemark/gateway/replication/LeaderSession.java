package io.tidemark.gateway.replication;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The follower's side of an incremental fetch session (KIP-227): which partitions the leader is to
 * watch for it, and what of that the leader does not know yet. A request names what has changed
 * since the last; after anything went wrong, everything. One request is under way at a time.
 *
 * <pre>
 *   id 0, epoch 0 ──answer names session n──▶ n, 1 ──▶ n, 2 ──▶ …
 *        ▲                                      │ lost, or the leader does not know it
 *        └──────────── everything anew ◀────────┘
 * </pre>
 */
final class LeaderSession {

  /** What the leader was told of a partition. */
  private record Told(FollowedPartition partition, long offset, int lastEpoch, long logStart) {
    static Told of(FollowedPartition partition) {
      Position now = partition.position();
      return new Told(partition, now.offset(), now.lastEpoch(), now.logStartOffset());
    }
  }

  private final Map<PartitionRef, FollowedPartition> members = new LinkedHashMap<>();
  private final Map<PartitionRef, Told> told = new LinkedHashMap<>();
  private final Map<PartitionRef, FollowedPartition> changed = new LinkedHashMap<>();
  private final Set<PartitionRef> left = new LinkedHashSet<>();
  private final Set<PartitionRef> inDoubt = new HashSet<>();
  private int id = FetchMetadata.INVALID_SESSION_ID;
  private int epoch = FetchMetadata.INITIAL_EPOCH;

  /** The partition is to be fetched from where it stands. */
  void add(FollowedPartition partition) {
    members.put(partition.ref, partition);
    left.remove(partition.ref);
    boolean isKnown = Told.of(partition).equals(told.get(partition.ref));
    if (isKnown && !inDoubt.contains(partition.ref)) {
      changed.remove(partition.ref);
    } else {
      changed.put(partition.ref, partition);
    }
  }

  /** The partition is not to be fetched, for now or for ever. */
  void remove(FollowedPartition partition) {
    if (members.remove(partition.ref, partition)) {
      changed.remove(partition.ref);
      if (told.containsKey(partition.ref)) {
        left.add(partition.ref);
      }
    }
  }

  /**
   * What the leader has answered was of no use: it is to be told again, even if nothing has moved,
   * for it believes that its news has arrived.
   */
  void doubt(FollowedPartition partition) {
    inDoubt.add(partition.ref);
  }

  @Nullable FollowedPartition member(PartitionRef partition) {
    return members.get(partition);
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /** Fills in what makes it the session's next request. */
  void fill(FetchRequestData request, FetchTopics topics) {
    boolean isFull = epoch == FetchMetadata.INITIAL_EPOCH;
    if (isFull) {
      told.clear();
      left.clear();
    }
    for (FollowedPartition partition : isFull ? members.values() : changed.values()) {
      topics.add(partition);
      told.put(partition.ref, Told.of(partition));
    }
    changed.clear();
    inDoubt.clear();
    left.forEach(told::remove);
    request
        .setSessionId(id)
        .setSessionEpoch(epoch)
        .setTopics(topics.all())
        .setForgottenTopicsData(forgotten());
    left.clear();
  }

  private List<ForgottenTopic> forgotten() {
    Map<Uuid, ForgottenTopic> topics = new LinkedHashMap<>();
    for (PartitionRef partition : left) {
      topics
          .computeIfAbsent(
              partition.topicId(),
              topicId -> new ForgottenTopic().setTopicId(topicId).setPartitions(new ArrayList<>()))
          .partitions()
          .add(partition.partition());
    }
    return List.copyOf(topics.values());
  }

  /** The leader has answered the last request; 0 when it keeps no session. */
  void answered(int sessionId) {
    boolean isKept = sessionId != FetchMetadata.INVALID_SESSION_ID;
    id = sessionId;
    epoch = isKept ? FetchMetadata.nextEpoch(epoch) : FetchMetadata.INITIAL_EPOCH;
  }

  /** What the leader knows is unknown; the next request closes the session and opens another. */
  void lost() {
    epoch = FetchMetadata.INITIAL_EPOCH;
  }
}
