package io.tidemark.gateway.cli;

import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "undrain",
    description =
        "Let a node get replicas again, and cancel what is still on its way from it to others. What"
            + " has moved stays where it is.")
final class NodeUndrainCommand extends NodeCommand {
  @Parameters(paramLabel = "NODE", description = "The node's id.")
  int nodeId;

  @Override
  int run(Admin admin) throws Exception {
    ClusterState state = ClusterState.read(admin);
    ClusterState.Member node = state.existing(nodeId);
    if (node.isFenced()) {
      throw CommandFailure.refused(
          "node " + nodeId + " is away; start it first, it is told itself that it takes replicas");
    }
    Cordoning.uncordon(admin, nodeId);
    List<TopicPartition> leaving =
        state.on(nodeId).stream()
            .filter(placed -> !placed.target().contains(nodeId))
            .map(ClusterState.Placed::partition)
            .toList();
    Reassignments.cancel(admin, leaving);
    say(
        "undrained",
        "node %d takes replicas again; %d moves away from it were cancelled"
            .formatted(nodeId, leaving.size()));
    return ExitCode.DONE;
  }
}
