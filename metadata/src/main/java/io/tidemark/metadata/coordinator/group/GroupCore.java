package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.CoordinatorCore;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.Deadlines;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.Member.ClientAddress;
import io.tidemark.metadata.coordinator.group.Member.Protocol;
import io.tidemark.metadata.coordinator.group.Member.Terms;
import io.tidemark.metadata.coordinator.group.WrittenGroup.WrittenMember;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of one partition of __consumer_offsets, divided by what is controlled: {@link Joins},
 * {@link Syncs}, {@link Leaves} and {@link Sessions} the members, {@link Rebalances} the
 * generations, {@link OffsetCommits}, {@link TransactionalCommits}, {@link OffsetFetches}, {@link
 * Deletions} and {@link Expiry} the offsets.
 *
 * <p>Hard state is the {@link GroupLedger}; the {@link Groups} that live above it are made from it
 * when it is loaded.
 */
final class GroupCore implements CoordinatorCore {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCore.class);

  final Joins joins;
  final Syncs syncs;
  final Leaves leaves;
  final Sessions sessions;
  final OffsetCommits commits;
  final OffsetFetches fetches;
  final TransactionalCommits transactions;
  final Deletions deletions;
  final GroupQueries queries;

  private final GroupConfig config;
  private final GroupLedger ledger = new GroupLedger();
  private final Deadlines deadlines = new Deadlines();
  private final Liveness liveness = new Liveness(deadlines);
  private final StateCounts counts;
  private final Rebalances rebalances;
  private final Groups groups;
  private final Expiry expiry;

  /** Kinds of records passed over, so that each is told of once. */
  private final Set<Integer> unknownKinds = new HashSet<>();

  /**
   * @param maxRecordBytes the most the records of one decision may take to be written together
   */
  GroupCore(
      GroupConfig config,
      int maxRecordBytes,
      TopicDirectory topics,
      MemberIds ids,
      GroupMeters meters) {
    this.config = config;
    counts = new StateCounts(meters);
    rebalances = new Rebalances(config, maxRecordBytes, ledger, deadlines, liveness, meters);
    groups = new Groups(ledger, deadlines, liveness, rebalances, counts);
    sessions = new Sessions(groups, rebalances, liveness, deadlines);
    StaticJoins staticJoins = new StaticJoins(ledger, rebalances, sessions, liveness);
    joins =
        new Joins(config, maxRecordBytes, ids, groups, rebalances, sessions, staticJoins, liveness);
    syncs = new Syncs(groups, rebalances);
    leaves = new Leaves(groups, rebalances, sessions);
    commits = new OffsetCommits(config, maxRecordBytes, topics, ledger, groups, liveness, meters);
    transactions = new TransactionalCommits(ledger, commits);
    fetches = new OffsetFetches(topics, ledger);
    deletions = new Deletions(ledger, groups, meters);
    expiry = new Expiry(config, topics, ledger, groups, deadlines, meters);
    queries = new GroupQueries(groups);
  }

  GroupLedger ledger() {
    return ledger;
  }

  Groups groups() {
    return groups;
  }

  @Override
  public void replay(CoordinatorRecord record) {
    GroupEvent event = GroupRecordCodec.decode(record);
    if (event != null) {
      ledger.apply(event);
    } else if (unknownKinds.add(GroupRecordCodec.kindOf(record))) {
      LOG.warn("Passing over records of unknown kind {}", GroupRecordCodec.kindOf(record));
    }
  }

  @Override
  public void replayEnd(TransactionEnd end) {
    ledger.apply(end);
  }

  @Override
  public void loaded(Turn turn) {
    ledger.groups().forEach((groupId, written) -> restore(turn, groupId, written));
    ledger.groupsWithOffsets().forEach(groups::getOrCreate);
    ledger.pending().groups().forEach(groups::getOrCreate);
    expiry.schedule(turn);
    for (Group group : groups.all()) {
      if (group.members.size() > config.maxSize()) {
        // The limit was lowered: a rebalance sends away the last ones to rejoin.
        rebalances.prepareOrComplete(turn, group, "it has more members than allowed");
      }
    }
  }

  /** Members get a whole session to be heard of again. */
  private void restore(Turn turn, String groupId, WrittenGroup written) {
    List<Member> members =
        written.members().stream().map(each -> restored(groupId, written, each)).toList();
    groups.getOrCreate(groupId).restore(written, members);
    members.forEach(member -> liveness.heardOf(turn, member));
  }

  private Member restored(String groupId, WrittenGroup group, WrittenMember written) {
    String protocol = group.protocol();
    Terms terms =
        new Terms(
            written.rebalanceTimeoutMs(),
            written.sessionTimeoutMs(),
            List.of(new Protocol(protocol == null ? "" : protocol, written.subscription())));
    Member member =
        sessions.newMember(
            groupId,
            written.memberId(),
            written.groupInstanceId(),
            new ClientAddress(written.clientId(), written.clientHost()),
            terms);
    member.setAssignment(written.assignment());
    return member;
  }

  @Override
  public void wake(Turn turn) {
    deadlines.run(turn);
  }

  @Override
  public long nextDeadlineMs() {
    return deadlines.nextMs();
  }

  @Override
  public void dropped() {
    counts.clear();
  }
}
