package io.tidemark.gateway.cli;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Time;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "drain",
    description = {
      "Move everything away from a node: cordon it, so that it gets nothing new, and give its"
          + " replicas and leaderships to others, some partitions at a time.",
      "Ends when the node holds nothing. Can be interrupted; started again it goes on. A node that"
          + " is away can be drained too, as long as its partitions have other replicas in sync."
    })
final class NodeDrainCommand extends NodeCommand {
  private static final int DEFAULT_BATCH = 20;

  @Parameters(paramLabel = "NODE", description = "The node's id.")
  int nodeId;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "" + DEFAULT_BATCH,
      description = "How many partitions move at once (default: ${DEFAULT-VALUE}).")
  int batch = DEFAULT_BATCH;

  @Option(names = "--dry-run", description = "Only show what would move where.")
  boolean dryRun;

  @Override
  int run(Admin admin) throws Exception {
    if (batch < 1) {
      throw CommandFailure.usage("--batch must be at least 1, it is " + batch);
    }
    ClusterState state = ClusterState.read(admin);
    ClusterState.Member node = state.existing(nodeId);
    Map<TopicPartition, List<Integer>> moves = Drain.plan(state, nodeId);
    if (dryRun) {
      printPlan(state, moves);
      return ExitCode.DONE;
    }
    if (node.takesReplicas()) {
      Cordoning.cordon(admin, nodeId);
    }
    Progress progress =
        new Progress(spec.commandLine().getErr(), Progress.isTerminal(), Time.SYSTEM);
    int moved = new Drain(admin, nodeId, batch, progress, Time.SYSTEM).run();
    say("drained", "node %d holds nothing any more: %d partitions moved".formatted(nodeId, moved));
    return ExitCode.DONE;
  }

  private void printPlan(ClusterState state, Map<TopicPartition, List<Integer>> moves) {
    Result result = new Result("topic", "partition", "replicas", "target");
    for (ClusterState.Placed placed : state.partitions()) {
      List<Integer> target = moves.get(placed.partition());
      if (target != null) {
        result.add(
            placed.partition().topic(), placed.partition().partition(), placed.target(), target);
      }
    }
    print(result);
  }
}
