package io.tidemark.gateway.cli;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "remove-voter",
    description =
        "Let a node vote in the metadata quorum no more, whether it runs or not. One that runs goes"
            + " on without a vote.")
final class QuorumRemoveVoterCommand extends NodeCommand {
  @Parameters(paramLabel = "NODE", description = "The node's id.")
  int nodeId;

  @Override
  int run(Admin admin) throws Exception {
    await(admin.removeRaftVoter(nodeId, Uuid.ZERO_UUID).all());
    say("removed", "node %d does not vote any more".formatted(nodeId));
    return ExitCode.DONE;
  }
}
