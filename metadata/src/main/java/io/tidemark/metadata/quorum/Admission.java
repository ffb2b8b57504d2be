package io.tidemark.metadata.quorum;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides how a voter without a log comes into its quorum, from what it hears of the others.
 *
 * <pre>
 *   all others: no log either ───────────────► FORM it with them
 *   somebody is in a quorum, not its leader ─► WAIT
 *   a leader, and this id votes there ───────► LEAVE: what the id promised is void then
 *   a leader, and this id does not ──────────► JOIN, by itself or when it is added
 * </pre>
 *
 * <p>A voter that lost its disk has forgotten for whom it voted and what it stored, so a majority
 * that counts on it could elect a leader that lacks committed entries. It must not speak for its
 * old self: not a word is said until the others have committed, without it, that it is gone. Until
 * then it has no part in Raft at all.
 *
 * <p>No clock, no network. One thread.
 */
final class Admission {

  enum Kind {
    WAIT,
    FORM,
    LEAVE,
    JOIN
  }

  /**
   * What to do next.
   *
   * @param voters who votes now, the leader first; none but for LEAVE and JOIN
   */
  record Step(Kind kind, List<Voter> voters) {}

  private final int nodeId;
  private final Set<Integer> expected = new HashSet<>();

  /** Who has once been heard without a log: what it had lost before then was lost to everybody. */
  private final Set<Integer> hadNoLog = new HashSet<>();

  /**
   * @param others the other configured voters
   */
  Admission(int nodeId, Collection<Voter> others) {
    this.nodeId = nodeId;
    others.forEach(voter -> expected.add(voter.nodeId()));
  }

  /** Notes what one of the others said, and says what follows from all of it. */
  Step heard(Voter from, Heard heard) {
    return switch (heard) {
      case Heard.Silence() -> decided(Kind.WAIT);
      case Heard.NoLog() -> withoutLog(from);
      case Heard.Forming() -> withoutLog(from);
      case Heard.InQuorum(List<Voter> voters, boolean leads) ->
          leads ? ledBy(from, voters) : decided(Kind.WAIT);
    };
  }

  private Step withoutLog(Voter from) {
    hadNoLog.add(from.nodeId());
    return decided(hadNoLog.containsAll(expected) ? Kind.FORM : Kind.WAIT);
  }

  private Step ledBy(Voter leader, List<Voter> voters) {
    boolean isVoter = voters.stream().anyMatch(voter -> voter.nodeId() == nodeId);
    List<Voter> leaderFirst = new ArrayList<>(voters);
    leaderFirst.sort(
        (a, b) -> Boolean.compare(b.nodeId() == leader.nodeId(), a.nodeId() == leader.nodeId()));
    return new Step(isVoter ? Kind.LEAVE : Kind.JOIN, List.copyOf(leaderFirst));
  }

  private static Step decided(Kind kind) {
    return new Step(kind, List.of());
  }
}
