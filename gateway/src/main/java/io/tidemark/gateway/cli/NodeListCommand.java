package io.tidemark.gateway.cli;

import io.tidemark.gateway.cli.ClusterState.Placed;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;

@Command(
    name = "list",
    description =
        "Show the nodes, those that are away included: what they are, how many partitions each"
            + " leads and holds, how many of them move to it or away from it, and its bytes on"
            + " disk.")
final class NodeListCommand extends NodeCommand {

  @Override
  int run(Admin admin) throws Exception {
    ClusterState state = ClusterState.read(admin);
    Result result =
        new Result(
            "node",
            "role",
            "address",
            "rack",
            "state",
            "cordoned",
            "leaders",
            "replicas",
            "moving",
            "local bytes");
    for (ClusterState.Member node : state.nodes()) {
      List<Placed> held = state.on(node.id());
      result.add(
          node.id(),
          node.roles(),
          node.address(),
          node.rack(),
          node.isFenced() ? "fenced" : "active",
          node.isFenced() ? null : node.isCordoned(),
          held.stream().filter(placed -> placed.leader() == node.id()).count(),
          held.size(),
          held.stream().filter(Placed::isMoving).count(),
          LocalBytes.of(admin, node).orElse(null));
    }
    print(result);
    return ExitCode.DONE;
  }
}
