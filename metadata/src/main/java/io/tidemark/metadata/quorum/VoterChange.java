package io.tidemark.metadata.quorum;

import java.util.ArrayList;
import java.util.List;

/**
 * One voter more, or one less. Several at once could leave two majorities without a common voter.
 */
public sealed interface VoterChange {

  /** Who votes when this is done, given who votes now. */
  List<Voter> appliedTo(List<Voter> voters);

  /** A voter that runs, without a log, where it says. */
  record Add(Voter voter) implements VoterChange {
    @Override
    public List<Voter> appliedTo(List<Voter> voters) {
      List<Voter> next = new ArrayList<>(voters);
      next.add(voter);
      return List.copyOf(next);
    }
  }

  record Remove(int nodeId) implements VoterChange {
    @Override
    public List<Voter> appliedTo(List<Voter> voters) {
      return voters.stream().filter(voter -> voter.nodeId() != nodeId).toList();
    }
  }
}
