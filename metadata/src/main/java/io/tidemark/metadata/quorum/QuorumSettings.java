package io.tidemark.metadata.quorum;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a voter is told by the node's configuration.
 *
 * @param voters all voters, this one among them; the same on each. Only who forms the quorum
 *     believes it; afterwards the quorum itself knows
 * @param directory {@code metadata.log.dir}
 * @param electionTimeoutMs silence of the leader after which another is elected; drawn between it
 *     and its double
 * @param snapshotEntries entries after which a snapshot is taken and older ones are forgotten
 * @param company whom a voter expects besides the others
 * @param tls of what voters say to each other; empty where it is plain text
 */
public record QuorumSettings(
    int nodeId,
    List<Voter> voters,
    Path directory,
    long electionTimeoutMs,
    int snapshotEntries,
    Company company,
    Optional<QuorumTls> tls) {

  /**
   * Who may come later.
   *
   * @param mayGrow whether a voter that is alone listens for others
   * @param joinsByItself whether a voter without a log asks the quorum that exists to let it in;
   *     otherwise it waits until it is added
   */
  public record Company(boolean mayGrow, boolean joinsByItself) {
    public static final Company AS_CONFIGURED = new Company(false, true);
  }

  /** As configured, for good, and in plain text. */
  public QuorumSettings(
      int nodeId, List<Voter> voters, Path directory, long electionTimeoutMs, int snapshotEntries) {
    this(
        nodeId,
        voters,
        directory,
        electionTimeoutMs,
        snapshotEntries,
        Company.AS_CONFIGURED,
        Optional.empty());
  }

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
    return new QuorumSettings(nodeId, voters, directory, timeoutMs, snapshotEntries, company, tls);
  }

  public QuorumSettings withCompany(Company expected) {
    return new QuorumSettings(
        nodeId, voters, directory, electionTimeoutMs, snapshotEntries, expected, tls);
  }

  public QuorumSettings withTls(Optional<QuorumTls> encryption) {
    return new QuorumSettings(
        nodeId, voters, directory, electionTimeoutMs, snapshotEntries, company, encryption);
  }

  /** Alone for good there is nobody to talk to: no port is opened and no election waited for. */
  public boolean isAlone() {
    return voters.size() == 1 && !company.mayGrow();
  }

  Voter self() {
    return voters.stream().filter(voter -> voter.nodeId() == nodeId).findFirst().orElseThrow();
  }

  List<Voter> others() {
    return voters.stream().filter(voter -> voter.nodeId() != nodeId).toList();
  }
}
