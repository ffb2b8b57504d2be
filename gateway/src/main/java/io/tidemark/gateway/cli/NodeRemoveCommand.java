package io.tidemark.gateway.cli;

import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "remove",
    description =
        "Forget a node for good, once it is drained and stopped. A node with its id can join again"
            + " later, with empty folders.")
final class NodeRemoveCommand extends NodeCommand {
  @Parameters(paramLabel = "NODE", description = "The node's id.")
  int nodeId;

  @Override
  int run(Admin admin) throws Exception {
    ClusterState state = ClusterState.read(admin);
    ClusterState.Member node = state.existing(nodeId);
    int held = state.on(nodeId).size();
    if (held > 0) {
      throw CommandFailure.refused(
          "node %d still holds %d partitions; move them away with 'tidemark node drain %d'"
              .formatted(nodeId, held, nodeId));
    }
    if (!node.isFenced()) {
      throw CommandFailure.refused(
          "node %d is running and would register again; stop it first".formatted(nodeId));
    }
    await(admin.unregisterBroker(nodeId).all());
    say("removed", "node %d is removed".formatted(nodeId));
    return ExitCode.DONE;
  }
}
