package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Deadline;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.Member.Protocol;
import io.tidemark.metadata.coordinator.group.WrittenGroup.WrittenMember;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.jspecify.annotations.Nullable;

/**
 * A classic group as it lives: what its record says, and who waits for what at this moment. A group
 * without protocol type is simple: it only has committed offsets.
 *
 * <p>Belongs to its {@link GroupCore}; its timers are set and cancelled by {@link Rebalances}.
 */
final class Group {
  static final int NO_INITIAL_DELAY = -1;

  final String id;
  final Members members = new Members();

  /** When the rebalance being prepared goes on without those who have not rejoined. */
  final Deadline join;

  /** When those who have not asked for their assignment are removed. */
  final Deadline sync;

  private final StateCounts counts;
  private GroupState state = GroupState.EMPTY;
  private GroupState previousState = GroupState.EMPTY;
  private long stateTimestampMs = WrittenGroup.NO_TIMESTAMP;
  private int generation;
  private @Nullable String protocolType;
  private @Nullable String protocolName;

  /** What the members read; empty when that cannot be known. */
  private Optional<Set<String>> subscribedTopics = Optional.empty();

  /**
   * How much longer the first rebalance may still be put off; {@link #NO_INITIAL_DELAY} if it is
   * not the first.
   */
  private int initialRemainingMs = NO_INITIAL_DELAY;

  private boolean newMemberAdded;

  Group(String id, StateCounts counts, Deadline join, Deadline sync) {
    this.id = id;
    this.counts = counts;
    this.join = join;
    this.sync = sync;
    counts.entered(state);
  }

  // ---------------------------------------------------------------- state

  GroupState state() {
    return state;
  }

  boolean is(GroupState asked) {
    return state == asked;
  }

  boolean isPreparingFirstRebalance() {
    return state == GroupState.PREPARING_REBALANCE && previousState == GroupState.EMPTY;
  }

  void moveTo(GroupState next, long wallClockMs) {
    if (!next.mayFollow(state)) {
      throw new IllegalStateException("group " + id + " cannot go from " + state + " to " + next);
    }
    counts.moved(state, next);
    previousState = state;
    state = next;
    stateTimestampMs = wallClockMs;
  }

  /** Since when it has been in its state by the wall clock; −1 when that was not written. */
  long stateTimestampMs() {
    return stateTimestampMs;
  }

  int generation() {
    return generation;
  }

  /** Begins the next generation with those who are there. */
  void nextGeneration(Turn turn) {
    generation++;
    protocolName = members.isEmpty() ? null : members.selectProtocol();
    subscribedTopics = computeSubscribedTopics();
    moveTo(
        members.isEmpty() ? GroupState.EMPTY : GroupState.COMPLETING_REBALANCE, turn.wallClockMs());
    members.expectNoSync();
  }

  // ---------------------------------------------------------------- the first rebalance waits

  int initialRemainingMs() {
    return initialRemainingMs;
  }

  void setInitialRemainingMs(int remainingMs) {
    initialRemainingMs = remainingMs;
  }

  boolean isNewMemberAdded() {
    return newMemberAdded;
  }

  void setNewMemberAdded(boolean added) {
    newMemberAdded = added;
  }

  // ---------------------------------------------------------------- protocol

  @Nullable String protocolType() {
    return protocolType;
  }

  @Nullable String protocolName() {
    return protocolName;
  }

  /** The first member decides on the type. */
  void setProtocolType(String type) {
    protocolType = type;
  }

  boolean usesConsumerProtocol() {
    return ConsumerProtocol.PROTOCOL_TYPE.equals(protocolType);
  }

  /** Whether somebody who knows these protocols can be in the group. */
  boolean accepts(String type, Collection<Protocol> protocols) {
    if (state == GroupState.EMPTY) {
      return !type.isEmpty() && !protocols.isEmpty();
    }
    return type.equals(protocolType) && members.shareOneOf(protocols);
  }

  /**
   * Whether members may be reading the topic; a consumer group that cannot say may read anything.
   */
  boolean isSubscribedTo(String topic) {
    return subscribedTopics.map(topics -> topics.contains(topic)).orElse(usesConsumerProtocol());
  }

  boolean knowsSubscription() {
    return subscribedTopics.isPresent();
  }

  private Optional<Set<String>> computeSubscribedTopics() {
    if (!usesConsumerProtocol()) {
      return Optional.empty();
    }
    Set<String> all = new HashSet<>();
    for (Member member : members.view()) {
      Optional<Set<String>> topics = SubscribedTopics.read(member.metadata(protocolName));
      if (topics.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(topics.get());
    }
    return Optional.of(all);
  }

  // ---------------------------------------------------------------- as it is written

  WrittenGroup written() {
    return new WrittenGroup(
        protocolType == null ? "" : protocolType,
        generation,
        protocolName,
        members.leaderId(),
        stateTimestampMs,
        members.view().stream().map(this::written).toList());
  }

  private WrittenMember written(Member member) {
    return new WrittenMember(
        member.id,
        member.instanceId,
        member.clientId,
        member.clientHost,
        member.rebalanceTimeoutMs(),
        member.sessionTimeoutMs(),
        member.metadata(protocolName),
        member.assignment());
  }

  /** Takes over what was written, into a group that has just been made. */
  void restore(WrittenGroup written, List<Member> restored) {
    restored.forEach(member -> members.add(member, null));
    String leader = written.leader();
    if (leader != null && members.has(leader)) {
      members.setLeader(leader);
    }
    generation = written.generation();
    protocolType = written.protocolType().isEmpty() ? null : written.protocolType();
    protocolName = written.protocol();
    subscribedTopics = computeSubscribedTopics();
    GroupState next = restored.isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
    counts.moved(state, next);
    state = next;
    previousState = next;
    stateTimestampMs = written.stateTimestampMs();
  }
}
