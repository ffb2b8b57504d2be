package io.tidemark.gateway.cli;

import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
    name = "describe",
    description =
        "Show who votes in the metadata quorum, who leads it, and how far each voter has got.")
final class QuorumDescribeCommand extends NodeCommand {

  @Override
  int run(Admin admin) throws Exception {
    print(voters(admin));
    return ExitCode.DONE;
  }

  static Result voters(Admin admin) throws Exception {
    QuorumInfo quorum = await(admin.describeMetadataQuorum().quorumInfo());
    Result result = new Result("node", "role", "epoch", "log end", "behind", "heard ms ago");
    for (QuorumInfo.ReplicaState voter : quorum.voters()) {
      boolean isKnown = voter.logEndOffset() >= 0;
      result.add(
          voter.replicaId(),
          voter.replicaId() == quorum.leaderId() ? "leader" : "voter",
          quorum.leaderEpoch(),
          isKnown ? voter.logEndOffset() : null,
          isKnown ? Math.max(0, quorum.highWatermark() - voter.logEndOffset()) : null,
          heardAgo(quorum, voter));
    }
    return result;
  }

  /** By the leader's clock, as both times are. */
  private static @Nullable Long heardAgo(QuorumInfo quorum, QuorumInfo.ReplicaState voter) {
    OptionalLong now =
        quorum.voters().stream()
            .filter(state -> state.replicaId() == quorum.leaderId())
            .findFirst()
            .map(QuorumInfo.ReplicaState::lastFetchTimestamp)
            .orElse(OptionalLong.empty());
    OptionalLong heard = voter.lastFetchTimestamp();
    return now.isPresent() && heard.isPresent()
        ? Long.valueOf(Math.max(0, now.getAsLong() - heard.getAsLong()))
        : null;
  }
}
