package io.tidemark.metadata.quorum;

import java.util.List;

/** What a voter that has no log hears from another one. */
sealed interface Heard {

  /** Nothing: it does not run, or cannot be reached. */
  record Silence() implements Heard {}

  /** It runs and has no log either. */
  record NoLog() implements Heard {}

  /** It has joined the others for the first time, but nothing is written yet. */
  record Forming() implements Heard {}

  /**
   * It belongs to a quorum.
   *
   * @param voters who votes there, as far as it knows; none where it waits to be let in itself
   * @param leads whether it leads them
   */
  record InQuorum(List<Voter> voters, boolean leads) implements Heard {
    public InQuorum {
      voters = List.copyOf(voters);
    }
  }
}
