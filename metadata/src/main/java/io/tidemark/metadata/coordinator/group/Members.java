package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.Deadline;
import io.tidemark.metadata.coordinator.group.Member.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a group: its members in the order they came, the ids given out and not used yet, who
 * leads, which protocols everybody knows. Static members are found by instance id too; there is one
 * member per instance id. Belongs to its {@link Group}.
 */
final class Members {
  private final Map<String, Member> byId = new LinkedHashMap<>();
  private final Map<String, String> idByInstance = new HashMap<>();

  /** Ids given out (MEMBER_ID_REQUIRED) that have not joined, with the moment they expire. */
  private final Map<String, Deadline> pending = new LinkedHashMap<>();

  /** Members of this generation that have not asked for their assignment. */
  private final Set<String> pendingSync = new LinkedHashSet<>();

  /** How many members know a protocol. */
  private final Map<String, Integer> knownBy = new LinkedHashMap<>();

  private @Nullable String leaderId;
  private int awaitingJoin;
  private long metadataBytes;

  // ---------------------------------------------------------------- who is there

  int size() {
    return byId.size();
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  boolean has(String memberId) {
    return byId.containsKey(memberId);
  }

  @Nullable Member find(String memberId) {
    return byId.get(memberId);
  }

  /** The member, which is known to be there. */
  Member get(String memberId) {
    Member member = byId.get(memberId);
    if (member == null) {
      throw new IllegalStateException("no member " + memberId);
    }
    return member;
  }

  /** All members; a copy, so that they may leave while it is walked. */
  List<Member> all() {
    return new ArrayList<>(byId.values());
  }

  Collection<Member> view() {
    return byId.values();
  }

  @Nullable String idOfInstance(String instanceId) {
    return idByInstance.get(instanceId);
  }

  /** Refuses a member id that is not a member's, or no longer that of its instance id. */
  void check(String memberId, @Nullable String instanceId) {
    if (instanceId != null) {
      String current = idByInstance.get(instanceId);
      if (current == null) {
        throw Errors.UNKNOWN_MEMBER_ID.exception();
      }
      if (!current.equals(memberId)) {
        throw Errors.FENCED_INSTANCE_ID.exception();
      }
    }
    if (!has(memberId)) {
      throw Errors.UNKNOWN_MEMBER_ID.exception();
    }
  }

  int awaitingJoin() {
    return awaitingJoin;
  }

  boolean haveAllJoined() {
    return byId.size() == awaitingJoin && pending.isEmpty();
  }

  /** The longest any member asks a rebalance to wait. */
  int rebalanceTimeoutMs() {
    return byId.values().stream().mapToInt(Member::rebalanceTimeoutMs).max().orElse(0);
  }

  /** What the members' metadata takes, over all protocols. */
  long metadataBytes() {
    return metadataBytes;
  }

  // ---------------------------------------------------------------- coming and going

  void add(Member member, @Nullable Answer<JoinGroupResponseData> join) {
    if (member.instanceId != null && idByInstance.put(member.instanceId, member.id) != null) {
      throw new IllegalStateException("two members of instance id " + member.instanceId);
    }
    if (leaderId == null) {
      leaderId = member.id;
    }
    byId.put(member.id, member);
    count(member, 1);
    awaitJoin(member, join);
    pending.remove(member.id);
  }

  /** Changes what a member offers and has it wait for the join. */
  void update(Member member, Member.Terms terms, @Nullable Answer<JoinGroupResponseData> join) {
    count(member, -1);
    member.setTerms(terms);
    count(member, 1);
    awaitJoin(member, join);
  }

  void awaitJoin(Member member, @Nullable Answer<JoinGroupResponseData> join) {
    awaitingJoin += (join == null ? 0 : 1) - (member.isAwaitingJoin() ? 1 : 0);
    member.awaitJoin(join);
  }

  /** Takes a member out; whoever waits for it must have been answered. */
  void remove(Member member) {
    if (byId.remove(member.id) == null) {
      return;
    }
    count(member, -1);
    awaitJoin(member, null);
    if (member.instanceId != null) {
      idByInstance.remove(member.instanceId);
    }
    pendingSync.remove(member.id);
    if (member.id.equals(leaderId)) {
      leaderId = byId.keySet().stream().findFirst().orElse(null);
    }
  }

  /** Puts a static member's new incarnation in the place of the old one, leadership included. */
  void replace(Member old, Member next) {
    boolean leads = isLeader(old.id);
    remove(old);
    add(next, null);
    if (leads) {
      leaderId = next.id;
    }
  }

  private void count(Member member, int by) {
    for (Protocol protocol : member.protocols()) {
      metadataBytes += (long) by * protocol.metadata().length;
      knownBy.merge(protocol.name(), by, Integer::sum);
      knownBy.remove(protocol.name(), 0);
    }
  }

  // ---------------------------------------------------------------- ids given out

  boolean isPending(String memberId) {
    return pending.containsKey(memberId);
  }

  int pendingCount() {
    return pending.size();
  }

  void addPending(String memberId, Deadline expiry) {
    pending.put(memberId, expiry);
  }

  /** Forgets an id given out; returns its deadline, or null when it was none. */
  @Nullable Deadline removePending(String memberId) {
    return pending.remove(memberId);
  }

  Collection<Deadline> pendingDeadlines() {
    return pending.values();
  }

  // ---------------------------------------------------------------- leader and protocol

  @Nullable String leaderId() {
    return leaderId;
  }

  boolean isLeader(String memberId) {
    return memberId.equals(leaderId);
  }

  void setLeader(String memberId) {
    leaderId = memberId;
  }

  /** Makes sure that the leader has rejoined, or another who has leads; false when nobody has. */
  boolean electLeader() {
    Member current = leaderId == null ? null : byId.get(leaderId);
    if (current == null) {
      return false;
    }
    if (!current.isAwaitingJoin()) {
      Member next = byId.values().stream().filter(Member::isAwaitingJoin).findFirst().orElse(null);
      if (next == null) {
        return false;
      }
      leaderId = next.id;
    }
    return true;
  }

  /** Whether one of these protocols is known to every member. */
  boolean shareOneOf(Collection<Protocol> protocols) {
    return protocols.stream()
        .anyMatch(protocol -> knownBy.getOrDefault(protocol.name(), 0) == byId.size());
  }

  /** The protocol all know that most prefer; the oldest member's vote breaks ties. */
  String selectProtocol() {
    Set<String> candidates = new HashSet<>();
    knownBy.forEach((name, count) -> {
      if (count == byId.size()) {
        candidates.add(name);
      }
    });
    Map<String, Integer> votes = new LinkedHashMap<>();
    byId.values().forEach(member -> votes.merge(member.vote(candidates), 1, Integer::sum));
    String chosen = "";
    int most = 0;
    for (Map.Entry<String, Integer> vote : votes.entrySet()) {
      if (vote.getValue() > most) {
        most = vote.getValue();
        chosen = vote.getKey();
      }
    }
    return chosen;
  }

  // ---------------------------------------------------------------- who has not synced

  void expectSync(Member member) {
    pendingSync.add(member.id);
  }

  void synced(Member member) {
    pendingSync.remove(member.id);
  }

  void expectNoSync() {
    pendingSync.clear();
  }

  /** Whose sync is missing; a copy. */
  List<String> missingSyncs() {
    return new ArrayList<>(pendingSync);
  }
}
