package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Deadlines;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.GroupEvent.GroupErased;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The groups that live on a partition: those written, those being formed, and the simple ones that
 * only have offsets.
 */
final class Groups {
  private final Map<String, Group> byId = new HashMap<>();
  private final GroupLedger ledger;
  private final Deadlines deadlines;
  private final Liveness liveness;
  private final Rebalances rebalances;
  private final StateCounts counts;

  Groups(
      GroupLedger ledger,
      Deadlines deadlines,
      Liveness liveness,
      Rebalances rebalances,
      StateCounts counts) {
    this.ledger = ledger;
    this.deadlines = deadlines;
    this.liveness = liveness;
    this.rebalances = rebalances;
    this.counts = counts;
  }

  @Nullable Group find(String groupId) {
    return byId.get(groupId);
  }

  /** The group; GROUP_ID_NOT_FOUND when there is none. */
  Group get(String groupId) {
    Group group = byId.get(groupId);
    if (group == null) {
      throw new GroupIdNotFoundException("Group " + groupId + " not found.");
    }
    return group;
  }

  /** The group a member says it is in; without the group there is no such member. */
  Group ofMember(String groupId) {
    Group group = byId.get(groupId);
    if (group == null) {
      throw unknownMember();
    }
    return group;
  }

  private static ApiException unknownMember() {
    return Errors.UNKNOWN_MEMBER_ID.exception();
  }

  Group getOrCreate(String groupId) {
    return byId.computeIfAbsent(groupId, this::create);
  }

  private Group create(String groupId) {
    // A group that goes takes its deadlines along: they always find it.
    return new Group(
        groupId,
        counts,
        deadlines.create(turn -> rebalances.joinTimeUp(turn, get(groupId))),
        deadlines.create(turn -> rebalances.syncTimeUp(turn, get(groupId))));
  }

  /** All groups; a copy, so that they may go while it is walked. */
  List<Group> all() {
    return new ArrayList<>(byId.values());
  }

  /** Deletes an empty group, in the log too where it is written. */
  void delete(Turn turn, Group group) {
    if (ledger.hasGroup(group.id)) {
      ledger.write(turn, new GroupErased(group.id));
    }
    drop(group);
  }

  /** Forgets a group that nobody is in, nobody is about to join and nothing was written of. */
  void dropIfVain(Group group) {
    if (group.is(GroupState.EMPTY)
        && group.members.pendingCount() == 0
        && !ledger.hasGroup(group.id)
        && ledger.offsets(group.id).isEmpty()
        && !ledger.pending().hasAny(group.id)) {
      drop(group);
    }
  }

  private void drop(Group group) {
    deadlines.cancel(group.join);
    deadlines.cancel(group.sync);
    group.members.view().forEach(member -> liveness.forget(member.session));
    group.members.pendingDeadlines().forEach(liveness::forget);
    counts.left(group.state());
    byId.remove(group.id);
  }
}
