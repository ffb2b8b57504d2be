package io.tidemark.metadata.quorum;

import java.nio.file.Path;
import java.util.List;

/**
 * What a voter is told by the node's configuration.
 *
 * @param voters all voters, this one among them; the same on each
 * @param directory {@code metadata.log.dir}
 * @param electionTimeoutMs silence of the leader after which another is elected; drawn between it
 *     and its double
 * @param snapshotEntries entries after which a snapshot is taken and older ones are forgotten
 */
public record QuorumSettings(
    int nodeId, List<Voter> voters, Path directory, long electionTimeoutMs, int snapshotEntries) {

  public QuorumSettings {
    voters = List.copyOf(voters);
    if (voters.stream().noneMatch(voter -> voter.nodeId() == nodeId)) {
      throw new IllegalArgumentException(
          "Node %d is not among the voters %s".formatted(nodeId, voters));
    }
  }

  /** With the defaults of a production node. */
  public static QuorumSettings of(int nodeId, List<Voter> voters, Path directory) {
    return new QuorumSettings(nodeId, voters, directory, 400, 20_000);
  }

  public QuorumSettings withElectionTimeoutMs(long timeoutMs) {
    return new QuorumSettings(nodeId, voters, directory, timeoutMs, snapshotEntries);
  }

  /** Alone there is nobody to talk to: no port is opened and no election waited for. */
  public boolean isAlone() {
    return voters.size() == 1;
  }
}
