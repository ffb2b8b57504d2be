package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.FieldWriter;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.Member.ClientAddress;
import io.tidemark.metadata.coordinator.group.Member.Protocol;
import io.tidemark.metadata.coordinator.group.Member.Terms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members that come, or come back. A dynamic member first gets an id (from version 4) and joins
 * with it; static members, known by their instance id, are {@link StaticJoins}.
 */
final class Joins {
  private static final Logger LOG = LoggerFactory.getLogger(Joins.class);

  /** Ids a group has given out and nobody has used yet. */
  static final int MAX_PENDING = 10_000;

  /** Metadata a group keeps in memory, over all members and protocols. */
  static final long MAX_METADATA_BYTES = 16L << 20;

  private final GroupConfig config;
  private final int maxRecordBytes;
  private final MemberIds ids;
  private final Groups groups;
  private final Rebalances rebalances;
  private final Sessions sessions;
  private final StaticJoins staticJoins;
  private final Liveness liveness;

  Joins(
      GroupConfig config,
      int maxRecordBytes,
      MemberIds ids,
      Groups groups,
      Rebalances rebalances,
      Sessions sessions,
      StaticJoins staticJoins,
      Liveness liveness) {
    this.config = config;
    this.maxRecordBytes = maxRecordBytes;
    this.ids = ids;
    this.groups = groups;
    this.rebalances = rebalances;
    this.sessions = sessions;
    this.staticJoins = staticJoins;
    this.liveness = liveness;
  }

  /** A join as it was asked for. */
  record Join(
      ClientContext client,
      JoinGroupRequestData request,
      Terms terms,
      Answer<JoinGroupResponseData> answer) {
    ClientAddress address() {
      return new ClientAddress(client.clientId(), client.clientHost());
    }

    String reason() {
      return JoinGroupRequest.joinReason(request);
    }
  }

  void join(
      Turn turn,
      ClientContext client,
      JoinGroupRequestData request,
      Answer<JoinGroupResponseData> answer) {
    Join join = new Join(client, request, checkedTerms(request), answer);
    boolean isUnknown = request.memberId().equals(JoinGroupRequest.UNKNOWN_MEMBER_ID);
    Group existing = groups.find(request.groupId());
    if (existing == null && !isUnknown) {
      throw Errors.UNKNOWN_MEMBER_ID.exception();
    }
    if (existing != null && !hasRoom(existing, join)) {
      turnAway(turn, existing, join);
    } else if (isUnknown) {
      joinWithoutId(turn, join);
    } else {
      joinWithId(turn, groups.ofMember(request.groupId()), join);
    }
  }

  private Terms checkedTerms(JoinGroupRequestData request) {
    if (request.sessionTimeoutMs() < config.minSessionTimeoutMs()
        || request.sessionTimeoutMs() > config.maxSessionTimeoutMs()) {
      throw Errors.INVALID_SESSION_TIMEOUT.exception();
    }
    List<Protocol> protocols = checkedProtocols(request);
    int rebalanceTimeoutMs =
        request.rebalanceTimeoutMs() < 0
            ? request.sessionTimeoutMs()
            : request.rebalanceTimeoutMs();
    Terms terms = new Terms(rebalanceTimeoutMs, request.sessionTimeoutMs(), protocols);
    if (terms.metadataBytes() > maxRecordBytes) {
      throw Errors.MESSAGE_TOO_LARGE.exception("the metadata of one member");
    }
    return terms;
  }

  private static List<Protocol> checkedProtocols(JoinGroupRequestData request) {
    Map<String, Protocol> protocols = new LinkedHashMap<>();
    request
        .protocols()
        .forEach(
            each -> protocols.putIfAbsent(each.name(), new Protocol(each.name(), each.metadata())));
    String instanceId = request.groupInstanceId();
    boolean fitsRecord =
        FieldWriter.fits(request.groupId())
            && FieldWriter.fits(request.protocolType())
            && (instanceId == null || FieldWriter.fits(instanceId))
            && protocols.keySet().stream().allMatch(FieldWriter::fits);
    if (!fitsRecord) {
      throw Errors.INVALID_REQUEST.exception("a name longer than a record holds");
    }
    return List.copyOf(protocols.values());
  }

  /**
   * Whether the group's size allows the member. While it rebalances only those who have rejoined
   * count: the size may be above a limit that was lowered, and so the last to rejoin have to go.
   */
  private boolean hasRoom(Group group, Join join) {
    Member member = group.members.find(join.request().memberId());
    boolean fits =
        switch (group.state()) {
          case EMPTY, DEAD -> true;
          case PREPARING_REBALANCE ->
              (member != null && member.isAwaitingJoin())
                  || group.members.awaitingJoin() < config.maxSize();
          case COMPLETING_REBALANCE, STABLE ->
              member != null || group.members.size() < config.maxSize();
        };
    return fits && hasMemoryFor(group, member, join.terms());
  }

  private void turnAway(Turn turn, Group group, Join join) {
    turn.answer(join.answer(), Responses.joinRefused(Errors.GROUP_MAX_SIZE_REACHED));
    Member member = group.members.find(join.request().memberId());
    if (member != null) {
      rebalances.remove(turn, group, member, Errors.GROUP_MAX_SIZE_REACHED);
      rebalances.prepareOrComplete(turn, group, member.id + " does not fit into the group");
    }
  }

  private static boolean hasMemoryFor(Group group, @Nullable Member member, Terms terms) {
    long had = member == null ? 0 : member.terms().metadataBytes();
    return group.members.metadataBytes() - had + terms.metadataBytes() <= MAX_METADATA_BYTES;
  }

  // ---------------------------------------------------------------- new ones

  private void joinWithoutId(Turn turn, Join join) {
    JoinGroupRequestData request = join.request();
    Group group = groups.getOrCreate(request.groupId());
    if (!group.accepts(request.protocolType(), join.terms().protocols())) {
      groups.dropIfVain(group);
      throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception();
    }
    String instanceId = request.groupInstanceId();
    if (instanceId != null) {
      String memberId = ids.next(instanceId);
      String replaced = group.members.idOfInstance(instanceId);
      if (replaced == null) {
        add(turn, group, memberId, join);
      } else {
        staticJoins.replace(turn, group, group.members.get(replaced), memberId, join);
      }
    } else if (JoinGroupRequest.requiresKnownMemberId(join.client().apiVersion())) {
      giveOutId(turn, group, join);
    } else {
      add(turn, group, ids.next(join.client().clientId()), join);
    }
  }

  private void giveOutId(Turn turn, Group group, Join join) {
    if (group.members.pendingCount() >= Math.min(MAX_PENDING, config.maxSize())) {
      throw Errors.GROUP_MAX_SIZE_REACHED.exception();
    }
    String memberId = ids.next(join.client().clientId());
    sessions.expectMember(turn, group, memberId, join.request().sessionTimeoutMs());
    turn.answer(join.answer(), Responses.joinRefused(memberId, Errors.MEMBER_ID_REQUIRED));
  }

  private void add(Turn turn, Group group, String memberId, Join join) {
    JoinGroupRequestData request = join.request();
    Member member =
        sessions.newMember(
            group.id, memberId, request.groupInstanceId(), join.address(), join.terms());
    member.setNew(true);
    if (group.isPreparingFirstRebalance()) {
      group.setNewMemberAdded(true);
    }
    if (group.members.isEmpty()) {
      group.setProtocolType(request.protocolType());
    }
    group.members.add(member, join.answer());
    liveness.joinedAnew(turn, member);
    LOG.debug("Group {} has the new member {}", group.id, memberId);
    rebalances.prepareOrComplete(turn, group, memberId + " joins: " + join.reason());
  }

  // ---------------------------------------------------------------- known ones

  private void joinWithId(Turn turn, Group group, Join join) {
    JoinGroupRequestData request = join.request();
    String memberId = request.memberId();
    if (!group.accepts(request.protocolType(), join.terms().protocols())) {
      throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception();
    }
    if (group.members.isPending(memberId)) {
      joinPending(turn, group, join);
      return;
    }
    group.members.check(memberId, request.groupInstanceId());
    Member member = group.members.get(memberId);
    switch (group.state()) {
      case PREPARING_REBALANCE -> rejoin(turn, group, member, join);
      case COMPLETING_REBALANCE -> {
        if (offersTheSame(member, join)) {
          // Its answer got lost: tell it again.
          turn.answer(join.answer(), Responses.joined(group, member));
        } else {
          rejoin(turn, group, member, join);
        }
      }
      case STABLE -> {
        // A leader joins to have assignments made anew, say because topics changed.
        if (group.members.isLeader(memberId) || !offersTheSame(member, join)) {
          rejoin(turn, group, member, join);
        } else {
          turn.answer(join.answer(), Responses.joined(group, member));
        }
      }
      case EMPTY, DEAD -> throw Errors.UNKNOWN_MEMBER_ID.exception();
    }
  }

  private void joinPending(Turn turn, Group group, Join join) {
    if (join.request().groupInstanceId() != null) {
      // Ids are given out to dynamic members only.
      throw Errors.UNKNOWN_MEMBER_ID.exception();
    }
    var expiry = group.members.removePending(join.request().memberId());
    if (expiry != null) {
      liveness.forget(expiry);
    }
    add(turn, group, join.request().memberId(), join);
  }

  private void rejoin(Turn turn, Group group, Member member, Join join) {
    Answer<JoinGroupResponseData> earlier = member.awaitedJoin();
    if (earlier != null) {
      // The client gave up on its first try; nobody is likely to read this.
      turn.answer(earlier, Responses.joinRefused(member.id, Errors.REBALANCE_IN_PROGRESS));
    }
    group.members.update(member, join.terms(), join.answer());
    rebalances.prepareOrComplete(turn, group, member.id + " joins again: " + join.reason());
  }

  private static boolean offersTheSame(Member member, Join join) {
    return StaticJoins.same(member.protocols(), join.terms().protocols());
  }
}
