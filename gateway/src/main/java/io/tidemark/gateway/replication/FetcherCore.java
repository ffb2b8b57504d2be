package io.tidemark.gateway.replication;

import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.record.WireRecords;
import io.tidemark.log.replica.LeaderProgress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SequencedSet;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one lane to one leader's node: which partitions to ask for and when, and what an
 * answer means. No IO, no clock, no threads: events come in with the time.
 *
 * <p>There are two ways to the leader. The main way asks in an incremental session for everything
 * that is due, and usually waits there for news. What becomes due meanwhile (a new leader epoch, a
 * log that was cut, an attempt after an error) is asked for by the side way, so that nothing waits
 * for a long poll of others; it joins the session with the main way's next request. A partition is
 * in one request at a time.
 *
 * <pre>
 *            due ──────────▶ main: session ─┐
 *   delayed ──▶ │ main is asked           ├─▶ steps ──▶ done: due again
 *               └──────────▶ side: once  ─────┘        └─▶ failed: delayed
 * </pre>
 */
final class FetcherCore {
  /** How a request goes to the leader: each has a connection, and one request under way. */
  enum Way {
    MAIN,
    SIDE
  }

  private static final long FIRST_REST_MS = 20;

  /** After so long who was held back is looked at again. */
  private static final long HELD_BACK_MS = 50;

  /** So many answers may be held in memory by disks that are slow. */
  private static final int MOST_ANSWERS_HELD = 4;

  /** Far enough in the past for any clock, and safe to subtract from any. */
  private static final long NEVER_MS = Long.MIN_VALUE / 2;

  private record Delayed(FollowedPartition partition, long dueMs) {}

  private final FetcherSettings settings;
  private final ReplicationThrottle throttle;
  private final Map<PartitionRef, FollowedPartition> partitions = new HashMap<>();
  private final SequencedSet<FollowedPartition> due = new LinkedHashSet<>();
  private final PriorityQueue<Delayed> delayed =
      new PriorityQueue<>(Comparator.comparingLong(Delayed::dueMs));
  private final LeaderSession session = new LeaderSession();
  private final Map<FollowedPartition, Integer> heldBytes = new HashMap<>();

  /** What the side way's request under way asks for. */
  private Map<PartitionRef, FollowedPartition> besides = Map.of();

  private boolean isMainAsked;
  private boolean isSideAsked;
  private long restsUntilMs = NEVER_MS;
  private long restMs;
  private long allHeldBytes;

  FetcherCore(FetcherSettings settings, ReplicationThrottle throttle) {
    this.settings = settings;
    this.throttle = throttle;
  }

  /**
   * Takes up a partition. Where there is nothing to lose, what is old comes from the bucket first
   * (KIP-1023).
   */
  Optional<Step> follow(FollowedPartition partition) {
    FollowedPartition before = partitions.put(partition.ref, partition);
    if (before != null) {
      leave(before);
    }
    if (partition.position().isBelowTier()) {
      partition.works();
      return Optional.of(new Step.StartAtTier(partition));
    }
    due.add(partition);
    return Optional.empty();
  }

  /** Does nothing when it is not followed any more, or again in another epoch. */
  void forget(FollowedPartition partition) {
    if (partitions.remove(partition.ref, partition)) {
      leave(partition);
    }
  }

  private void leave(FollowedPartition partition) {
    due.remove(partition);
    session.remove(partition);
    release(partition);
  }

  private boolean isFollowed(FollowedPartition partition) {
    return partitions.get(partition.ref) == partition;
  }

  /**
   * What to ask the leader by this way now, if anything. Until it is {@link #answered} or {@link
   * #unanswered} the way is taken.
   */
  Optional<FetchRequestData> request(Way way, long nodeEpoch, long nowMs) {
    while (!delayed.isEmpty() && delayed.peek().dueMs() <= nowMs) {
      becomeDue(delayed.remove().partition());
    }
    if (nowMs < restsUntilMs || isHeldUp()) {
      return Optional.empty();
    }
    due.removeIf(partition -> isHeldBack(partition, nowMs));
    return switch (way) {
      case MAIN -> isMainAsked ? Optional.empty() : askMain(nodeEpoch);
      case SIDE -> isSideAsked || !isMainAsked ? Optional.empty() : askBesides(nodeEpoch);
    };
  }

  private boolean isHeldBack(FollowedPartition partition, long nowMs) {
    boolean isHeldBack = throttle.holdsBack(partition.id, settings.nodeId());
    if (isHeldBack) {
      delayed.add(new Delayed(partition, nowMs + HELD_BACK_MS));
    }
    return isHeldBack;
  }

  private void becomeDue(FollowedPartition partition) {
    if (isFollowed(partition) && partition.state() == FollowedPartition.State.WAITING) {
      due.add(partition);
    }
  }

  private boolean isHeldUp() {
    return allHeldBytes > (long) MOST_ANSWERS_HELD * settings.responseMaxBytes();
  }

  private Optional<FetchRequestData> askMain(long nodeEpoch) {
    due.forEach(partition -> {
      partition.isFetched();
      session.add(partition);
    });
    due.clear();
    if (session.isEmpty()) {
      return Optional.empty();
    }
    isMainAsked = true;
    FetchRequestData request = request(nodeEpoch);
    session.fill(request, new FetchTopics(settings.partitionMaxBytes()));
    return Optional.of(request);
  }

  private Optional<FetchRequestData> askBesides(long nodeEpoch) {
    if (due.isEmpty()) {
      return Optional.empty();
    }
    FetchTopics topics = new FetchTopics(settings.partitionMaxBytes());
    besides = new HashMap<>();
    for (FollowedPartition partition : due) {
      partition.isFetched();
      topics.add(partition);
      besides.put(partition.ref, partition);
    }
    due.clear();
    isSideAsked = true;
    return Optional.of(
        request(nodeEpoch)
            .setSessionId(FetchMetadata.INVALID_SESSION_ID)
            .setSessionEpoch(FetchMetadata.FINAL_EPOCH)
            .setTopics(topics.all()));
  }

  private FetchRequestData request(long nodeEpoch) {
    return new FetchRequestData()
        .setReplicaState(
            new ReplicaState().setReplicaId(settings.nodeId()).setReplicaEpoch(nodeEpoch))
        .setMaxWaitMs(settings.maxWaitMs())
        .setMinBytes(settings.minBytes())
        .setMaxBytes(settings.responseMaxBytes());
  }

  /** When to ask for a request again though nothing has happened; empty when nothing is planned. */
  OptionalLong nextDueMs() {
    if (isHeldUp()) {
      return OptionalLong.empty();
    }
    boolean hasQuestion =
        isMainAsked ? !isSideAsked && !due.isEmpty() : !due.isEmpty() || !session.isEmpty();
    if (hasQuestion) {
      return OptionalLong.of(restsUntilMs);
    }
    Delayed next = delayed.peek();
    return next == null
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(next.dueMs(), restsUntilMs));
  }

  /** The leader has answered. Each step's partition is out of all requests until it is done. */
  List<Step> answered(Way way, FetchResponseData response, long nowMs) {
    Map<PartitionRef, FollowedPartition> asked = took(way);
    Errors error = Errors.forCode(response.errorCode());
    if (error != Errors.NONE) {
      failed(way, asked, error, nowMs);
      return List.of();
    }
    restMs = 0;
    if (way == Way.MAIN) {
      session.answered(response.sessionId());
    }
    List<Step> steps = new ArrayList<>();
    for (FetchableTopicResponse topic : response.responses()) {
      for (PartitionData data : topic.partitions()) {
        PartitionRef ref = new PartitionRef(topic.topicId(), data.partitionIndex());
        FollowedPartition partition = find(way, ref, asked);
        if (partition != null) {
          steps.addAll(meaning(partition, data, nowMs));
        }
      }
    }
    asked.values().forEach(this::backToDue);
    return steps;
  }

  /** The way is free again; returns what the side way had asked for. */
  private Map<PartitionRef, FollowedPartition> took(Way way) {
    if (way == Way.MAIN) {
      isMainAsked = false;
      return Map.of();
    }
    isSideAsked = false;
    Map<PartitionRef, FollowedPartition> asked = besides;
    besides = Map.of();
    return asked;
  }

  private @Nullable FollowedPartition find(
      Way way, PartitionRef ref, Map<PartitionRef, FollowedPartition> asked) {
    FollowedPartition partition = way == Way.MAIN ? session.member(ref) : asked.get(ref);
    return partition != null
            && isFollowed(partition)
            && partition.state() == FollowedPartition.State.FETCHING
        ? partition
        : null;
  }

  /** What the side way asked for and had no news: it joins the session next. */
  private void backToDue(FollowedPartition partition) {
    if (isFollowed(partition) && partition.state() == FollowedPartition.State.FETCHING) {
      partition.waits();
      due.add(partition);
    }
  }

  private void failed(
      Way way, Map<PartitionRef, FollowedPartition> asked, Errors error, long nowMs) {
    boolean isSessionsOnly =
        way == Way.MAIN
            && (error == Errors.FETCH_SESSION_ID_NOT_FOUND
                || error == Errors.INVALID_FETCH_SESSION_EPOCH
                || error == Errors.FETCH_SESSION_TOPIC_ID_ERROR);
    if (way == Way.MAIN) {
      session.lost();
    }
    asked.values().forEach(this::backToDue);
    if (!isSessionsOnly) {
      rest(nowMs);
    }
  }

  /** No answer came; whether the leader has seen the request is unknown. */
  void unanswered(Way way, long nowMs) {
    Map<PartitionRef, FollowedPartition> asked = took(way);
    if (way == Way.MAIN) {
      session.lost();
    }
    asked.values().forEach(this::backToDue);
    rest(nowMs);
  }

  private void rest(long nowMs) {
    restMs = Math.min(settings.backoffMs(), restMs == 0 ? FIRST_REST_MS : restMs * 2);
    restsUntilMs = nowMs + restMs;
  }

  private List<Step> meaning(FollowedPartition partition, PartitionData data, long nowMs) {
    Errors error = Errors.forCode(data.errorCode());
    return switch (error) {
      case NONE -> good(partition, data);
      case OFFSET_MOVED_TO_TIERED_STORAGE -> work(new Step.StartAtTier(partition));
      case OFFSET_OUT_OF_RANGE ->
          data.logStartOffset() > partition.position().offset()
              ? work(new Step.StartAtLeader(partition, data.logStartOffset()))
              : refused(partition, error, nowMs);
      default -> refused(partition, error, nowMs);
    };
  }

  private List<Step> good(FollowedPartition partition, PartitionData data) {
    if (data.divergingEpoch().epoch() >= 0) {
      return work(
          new Step.Truncate(
              partition,
              new EpochEnd(data.divergingEpoch().epoch(), data.divergingEpoch().endOffset())));
    }
    ByteBuffer batches = WireRecords.bytes(data.records());
    partition.leaderCommitted(data.highWatermark());
    boolean isNews =
        (batches != null && batches.hasRemaining())
            || data.highWatermark() > partition.position().highWatermark()
            || data.logStartOffset() > partition.position().logStartOffset();
    if (!isNews) {
      partition.hasNoNews();
      return List.of();
    }
    ByteBuffer bytes = batches == null ? ByteBuffer.allocate(0) : batches;
    throttle.copied(partition.id, bytes.remaining());
    hold(partition, bytes.remaining());
    return work(
        new Step.Append(
            partition,
            bytes,
            new LeaderProgress(
                partition.leaderEpoch, data.highWatermark(), data.logStartOffset())));
  }

  private List<Step> work(Step step) {
    session.remove(step.partition());
    step.partition().works();
    return List.of(step);
  }

  private List<Step> refused(FollowedPartition partition, Errors error, long nowMs) {
    session.remove(partition);
    delay(partition, nowMs);
    return List.of(new Step.Failed(partition, error));
  }

  private void delay(FollowedPartition partition, long nowMs) {
    session.doubt(partition);
    partition.waits();
    delayed.add(new Delayed(partition, nowMs + partition.nextBackoffMs(settings.backoffMs())));
  }

  /** The step is done; the log ends here now. */
  void done(FollowedPartition partition, Position now) {
    release(partition);
    if (isFollowed(partition)) {
      partition.standsAt(now);
      partition.waits();
      due.add(partition);
    }
  }

  /** The step did not succeed; it is tried again from where the log ends after a while. */
  void retry(FollowedPartition partition, Position now, long nowMs) {
    release(partition);
    if (isFollowed(partition)) {
      partition.remainsAt(now);
      delay(partition, nowMs);
    }
  }

  private void hold(FollowedPartition partition, int bytes) {
    heldBytes.put(partition, bytes);
    allHeldBytes += bytes;
  }

  private void release(FollowedPartition partition) {
    Integer bytes = heldBytes.remove(partition);
    if (bytes != null) {
      allHeldBytes -= bytes;
    }
  }
}
