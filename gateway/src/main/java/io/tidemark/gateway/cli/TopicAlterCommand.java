package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "alter",
    description = "Change settings of a topic, or how many replicas its partitions have.")
final class TopicAlterCommand extends NodeCommand {
  @Parameters(paramLabel = "TOPIC", description = "The topic's name.")
  String topic = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a topic setting; may be repeated.")
  List<String> set = new ArrayList<>();

  @Option(
      names = "--unset",
      paramLabel = "KEY",
      description = "Puts a setting back to the node's default; may be repeated.")
  List<String> unset = new ArrayList<>();

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      description = {
        "Gives every partition this many replicas, spread over racks and nodes; leaders stay.",
        "New replicas are copied after the command ends: 'topic describe' shows how far they are."
      })
  @Nullable Integer replicationFactor;

  @Override
  int run(Admin admin) throws Exception {
    Integer factor = replicationFactor;
    if (factor != null) {
      changeFactor(admin, factor);
    }
    if (factor == null || !set.isEmpty() || !unset.isEmpty()) {
      new ConfigChange(set, unset)
          .apply(admin, new ConfigResource(ConfigResource.Type.TOPIC, topic));
    }
    say("altered", "topic " + topic + " altered");
    return ExitCode.DONE;
  }

  private void changeFactor(Admin admin, int factor) throws Exception {
    if (factor < 1) {
      throw CommandFailure.usage("--replication-factor must be at least 1, it is " + factor);
    }
    ClusterState state = ClusterState.read(admin);
    MovePlan plan = new MovePlan(state);
    Map<TopicPartition, List<Integer>> targets = new HashMap<>();
    for (ClusterState.Placed placed : state.partitions()) {
      if (placed.partition().topic().equals(topic)) {
        targets.put(
            placed.partition(),
            plan.withFactor(placed, factor)
                .orElseThrow(() ->
                    CommandFailure.refused(
                        "there are not %d nodes that take replicas of %s"
                            .formatted(factor, placed.partition()))));
      }
    }
    if (targets.isEmpty()) {
      throw CommandFailure.refused(
          "there is no topic " + topic + "; 'tidemark topic list' shows the topics there are");
    }
    Reassignments.begin(admin, targets);
  }
}
